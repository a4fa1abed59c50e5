"""The settings of a person's store, by name. Must not know how they are kept."""

from enum import StrEnum


class StoreSetting(StrEnum):
    """What a store keeps beside its records; each is a text, and '' where it was never set."""

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
    """What the laptop is called."""
    SIGNING_KEY = "signing_key"
    """The private key (JWK) that signs what this seat writes."""
    WIRE_KEY = "wire_key"
    """The private key (JWK) that proves this seat to the council."""

    # the seats before this one
    FORMER_SEATS = "former_seats"
    """The seats that this store was before, oldest first."""
    FORMER_SEAT = "former_seat"
    """The last seat that the council certified; it speaks for the new one."""
    FORMER_SIGNING_KEY = "former_signing_key"
    """That seat's signing key."""
    FORMER_WIRE_KEY = "former_wire_key"
    """That seat's wire key."""
    GOES_ON_FROM = "goes_on_from"
    """The last digest of the seat before this one; '' for the first seat."""
    LAST_ALIKE = "begin_afresh"
    """Where the seat's chain cannot go on: its last number that the council holds alike. A new seat begins after it."""

    # the council
    SERVER = "server"
    """The council's address."""
    COUNCIL_SEAT = "council_seat"
    """The seat under which the council writes its own orders."""
    COUNCIL_NAME = "council_name"
    """What the council is called."""
    COUNCIL_KEY = "council_key"
    """The public half of the key that the council signs with now, base64url."""
    COUNCIL_FORMER_KEYS = "council_former_keys"
    """The keys that the council signed with before (JSON)."""
    COUNCIL_SIGNS = "council_signs"
    """"yes" once the council was seen to sign its answers; no answer without a signature is believed after that."""
    COUNCIL_SPLIT = "council_split"
    """``sync_status.TWO_STORIES`` once the council was seen to tell two laptops different things."""
    CERTIFICATE = "certificate"
    """The council's order that certifies this seat, as it came over the wire (JSON)."""
    ENROL_SECRET = "enrol_secret"
    """The secret half of a one-time code that is not used up yet."""
    DEPOSIT = "deposit"
    """The recovery key that the council is to keep, until the council has it."""

    # what the council said last
    EXCHANGED = "exchanged"
    """When the last whole exchange with the council ended (ISO 8601)."""
    CLOCK_AHEAD = "council_clock_ahead"
    """By how many seconds the council's clock was ahead in that exchange."""
    UNFINISHED = "unfinished"
    """What the council said of the drafts on other laptops (JSON)."""
    NO_TEXT = "no_text"
    """The revisions (digests) of which the council gave no text, once the person was told."""
    JOINED = "joined_in_my_name"
    """The laptops that joined in this person's name since the person last read of any."""

    # what the person is told, and where they were
    NOTICE = "notice"
    """What is said until its cause is gone."""
    LOST = "lost"
    """What was saved once and was not here at an opening: in each line how many revisions, and the anchor."""
    RECOVERY_NOT_SEEN = "recovery_not_seen"
    """"1" while the recovery key was not shown to its person yet."""
    IMPORTED_TWICE = "imported_twice"
    """The kinds of which rows came in twice, until the person has read of it."""
    OPEN_PAGE = "open_page"
    """The page that was open when the laptop locked (JSON)."""
    SINCE = "visit"
    """When the person was last here, and up to where they have read (JSON)."""

    # the night pack check
    UNLOCKED_OFFLINE = "unlocked_offline"
    """When the laptop was last unlocked without a network (ISO 8601)."""
    PAPER_SHEET = "paper_sheet"
    """When the paper sheet was last printed or saved (ISO 8601)."""

    # the store itself
    IMPORT_SECRET = "import_secret"
    """The secret under which this store's imports give identifiers; '' before the first import."""
    PROJECTIONS = "projections"
    """The description by which the projections were made."""
    GUARDS = "guards"
    """The mark of the triggers that keep the store append-only."""


FORMER_NAMES = {
    StoreSetting.SIGNING_KEY: StoreSetting.FORMER_SIGNING_KEY,
    StoreSetting.WIRE_KEY: StoreSetting.FORMER_WIRE_KEY,
}
"""A seat's keys, and the settings that keep them once another seat goes on from it."""
