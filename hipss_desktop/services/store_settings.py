"""The settings of a person's store, by name. Must not know how they are saved."""

from enum import StrEnum


class StoreSetting(StrEnum):
    """What a store saves beside its records; each setting is a text, and '' if it was never set."""

    # who writes, and where
    SEAT = "seat"
    """The seat under which this store writes."""
    PERSON = "person"
    """The record of the person whose store it is."""
    NAME = "name"
    """That person's name."""
    ROLE = "role"
    """That person's role, a code of ``resources/codes/role.csv``."""
    DEVICE = "device"
    """The identifier of the laptop."""
    LAPTOP = "laptop"
    """The laptop's name."""
    SIGNING_KEY = "signing_key"
    """The private key (JWK) that signs what this seat writes."""
    WIRE_KEY = "wire_key"
    """The private key (JWK) that proves this seat to the council."""

    # the seats before this one
    FORMER_SEATS = "former_seats"
    """The earlier seats of this store, oldest first."""
    FORMER_SEAT = "former_seat"
    """The last seat that the council certified; its key requests the certificate of the new seat."""
    FORMER_SIGNING_KEY = "former_signing_key"
    """The signing key of that former seat."""
    FORMER_WIRE_KEY = "former_wire_key"
    """The wire key of that former seat."""
    GOES_ON_FROM = "goes_on_from"
    """The last digest of the seat before this one; '' for the first seat."""
    LAST_ALIKE = "begin_afresh"
    """If the seat's chain cannot continue: the last number at which the council's chain is equal. A new seat begins after it."""

    # the council
    SERVER = "server"
    """The council's address."""
    COUNCIL_SEAT = "council_seat"
    """The seat under which the council writes its own orders."""
    COUNCIL_NAME = "council_name"
    """The council's name."""
    COUNCIL_KEY = "council_key"
    """The public half of the key that the council signs with now, base64url."""
    COUNCIL_FORMER_KEYS = "council_former_keys"
    """The keys that the council signed with before (JSON)."""
    COUNCIL_SIGNS = "council_signs"
    """"yes" once the council has signed its answers; after that, answers without a signature are refused."""
    COUNCIL_SPLIT = "council_split"
    """``sync_status.TWO_STORIES`` once the council was found to have told two laptops different things."""
    CERTIFICATE = "certificate"
    """The council's order that certifies this seat, as it was received (JSON)."""
    ENROL_SECRET = "enrol_secret"
    """The secret half of a one-time code that was not used yet."""
    DEPOSIT = "deposit"
    """The recovery key that the council must store; deleted once the council has it."""

    # what the council said last
    EXCHANGED = "exchanged"
    """When the last whole exchange with the council ended (ISO 8601)."""
    CLOCK_AHEAD = "council_clock_ahead"
    """The number of seconds by which the council's clock was ahead in the last exchange with a signed answer."""
    CLOCK_COMPARED = "council_clock_compared"
    """When that was, by clocks of this laptop: the machine's run, the seconds since its start, the seconds since 1970."""
    UNFINISHED = "unfinished"
    """The council's last report of the drafts on other laptops (JSON)."""
    NO_TEXT = "no_text"
    """The revisions (digests) whose text the council did not send, once the person was told of them."""
    JOINED = "joined_in_my_name"
    """The laptops that joined in this person's name and of which the person has not read yet."""

    # what the person is told, and where they were
    NOTICE = "notice"
    """A notice that is shown until its cause is gone."""
    LOST = "lost"
    """Saved revisions that were missing when the store was opened: each line has their count and the anchor."""
    RECOVERY_NOT_SEEN = "recovery_not_seen"
    """"1" until the person has confirmed having the recovery key."""
    IMPORTED_TWICE = "imported_twice"
    """The kinds with rows that were imported twice, until the person has read of it."""
    OPEN_PAGE = "open_page"
    """The page that was open when the laptop locked (JSON)."""
    SINCE = "visit"
    """When the person was last here, and how far they have read (JSON)."""

    # the night pack check
    UNLOCKED_OFFLINE = "unlocked_offline"
    """When the laptop was last unlocked without a network (ISO 8601)."""
    PAPER_SHEET = "paper_sheet"
    """When the paper sheet was last printed or saved (ISO 8601)."""

    # the store itself
    IMPORT_SECRET = "import_secret"
    """The secret from which this store's imports derive identifiers; '' before the first import."""
    PROJECTIONS = "projections"
    """The description by which the projections were made."""
    GUARDS = "guards"
    """A mark that identifies the triggers that make the store append-only."""


FORMER_NAMES = {
    StoreSetting.SIGNING_KEY: StoreSetting.FORMER_SIGNING_KEY,
    StoreSetting.WIRE_KEY: StoreSetting.FORMER_WIRE_KEY,
}
"""A seat's keys, and the settings that store them once another seat continues from it."""
