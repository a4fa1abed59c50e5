"""Slots: what wraps the database key, what a guess costs, and recovery keys on paper."""

import dataclasses
import hashlib
import json
import secrets
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import slots
from db.slots import CEILING_KIB, FLOOR_KIB, Cost, Header, HeaderDamaged, RecoveryKeyMistyped
from hipss_desktop.errors import Tampered, Unavailable
from hipss_desktop.identity import CROCKFORD

VAULT = "0" * 31 + "1"
KEY = bytes(range(32))
OTHER = bytes(range(32, 64))
SECRET = b"s" * 32
FLOOR = Cost(FLOOR_KIB)

recoveries = st.binary(min_size=20, max_size=20)


def a_header() -> Header:
    by_passphrase = slots.passphrase_slot(VAULT, KEY, b"words", FLOOR, entry=1, keyring_secret=SECRET)
    own, _ = slots.recovery_slot(VAULT, KEY, "person")
    councils, _ = slots.recovery_slot(VAULT, KEY, "council")
    return Header(VAULT, slots.key_check(VAULT, KEY), (by_passphrase, own, councils))


@pytest.fixture(scope="module")
def header() -> Header:
    return a_header()


def opened(slot: slots.PassphraseSlot, passphrase: bytes, secret: bytes | None, vault: str = VAULT) -> bytes | None:
    return slots.open_slot(vault, slot, slots.stretch(slot, passphrase, secret))


def test_a_passphrase_slot_opens_by_passphrase_and_keyring_together_alone(header: Header) -> None:
    slot = header.passphrase
    assert opened(slot, b"words", SECRET) == KEY
    assert opened(slot, b"other", SECRET) is None
    assert opened(slot, b"words", b"t" * 32) is None
    assert opened(slot, b"words", None) is None


def test_a_slot_without_a_keyring_says_so_and_opens_by_the_passphrase_alone() -> None:
    slot = slots.passphrase_slot(VAULT, KEY, b"words", FLOOR, entry=1, keyring_secret=None)
    assert not slot.keyring
    assert opened(slot, b"words", None) == KEY


@pytest.mark.parametrize(
    "change",
    [
        {"cost": Cost(FLOOR_KIB, passes=2)},
        {"keyring": False},
        {"entry": 2},
        {"salt": bytes(16)},
        {"nonce": bytes(12)},
        {"wrapped": bytes(48)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_slot_opens_with_its_own_parameters_alone(header: Header, change: dict[str, Any]) -> None:
    opening = slots.stretch(header.passphrase, b"words", SECRET)
    assert slots.open_slot(VAULT, msgspec.structs.replace(header.passphrase, **change), opening) is None


def test_a_slot_opens_in_its_own_vault_alone(header: Header) -> None:
    assert opened(header.passphrase, b"words", SECRET, vault="another") is None


@pytest.mark.parametrize(
    "change",
    [{"holder": "council"}, {"salt": bytes(16)}, {"public": bytes(32)}, {"voucher": bytes(32)}, {"sealed": bytes(80)}],
    ids=lambda change: next(iter(change)),
)
def test_a_recovery_slot_opens_with_its_own_parameters_alone(change: dict[str, Any]) -> None:
    slot, printed = slots.recovery_slot(VAULT, KEY, "person")
    recovery = slots.read_key(printed)
    assert slots.open_by_recovery(VAULT, slot, recovery) == KEY
    assert slots.open_by_recovery("another", slot, recovery) is None
    assert slots.open_by_recovery(VAULT, msgspec.structs.replace(slot, **change), recovery) is None


def test_another_key_is_put_in_a_recovery_slot_without_the_recovery_key() -> None:
    slot, printed = slots.recovery_slot(VAULT, KEY, "person")
    new_slot = slots.sealed_again(VAULT, slot, KEY, OTHER)
    assert new_slot is not None
    assert (new_slot.public, new_slot.salt) == (slot.public, slot.salt)
    assert slots.open_by_recovery(VAULT, new_slot, slots.read_key(printed)) == OTHER


@pytest.mark.parametrize("field", ["public", "holder", "salt", "voucher"])
def test_no_other_key_is_put_in_a_recovery_slot_that_somebody_without_the_key_has_changed(field: str) -> None:
    slot, _ = slots.recovery_slot(VAULT, KEY, "person")
    planted, _ = slots.recovery_slot(VAULT, OTHER, "council")
    changed = msgspec.structs.replace(slot, **{field: getattr(planted, field)})
    assert slots.sealed_again(VAULT, changed, KEY, OTHER) is None
    assert slots.sealed_again(VAULT, planted, KEY, OTHER) is None
    assert slots.sealed_again("another", slot, KEY, OTHER) is None


def test_a_header_comes_back_as_it_was(header: Header) -> None:
    assert slots.decode_header(slots.encode_header(header)) == header


def test_a_header_holds_neither_the_key_nor_what_opens_it(header: Header) -> None:
    content = slots.encode_header(header)
    for secret in (KEY, SECRET, b"words"):
        assert msgspec.json.encode(secret).strip(b'"=') not in content
        assert secret not in content


def test_any_one_byte_flipped_in_a_header_is_damage(header: Header) -> None:
    content = slots.encode_header(header)
    for place in range(len(content)):
        for bit in (0x01, 0x20, 0x80):
            flipped = bytearray(content)
            flipped[place] ^= bit
            with pytest.raises(HeaderDamaged) as damaged:
                slots.decode_header(bytes(flipped))
            assert isinstance(damaged.value, Tampered)


@pytest.mark.parametrize("content", [b"", b"{}", b"null", b"[]"])
def test_a_header_cut_short_or_emptied_is_damage(content: bytes) -> None:
    with pytest.raises(HeaderDamaged):
        slots.decode_header(content)


def checked_again(header: Header, change: Callable[[dict[str, Any]], None]) -> bytes:
    """The header changed by somebody who also makes its check hold."""
    fields = json.loads(slots.encode_header(header))["header"]
    change(fields)
    body = msgspec.json.encode(fields, order="sorted")
    return msgspec.json.encode({"header": fields, "sha256": hashlib.sha256(body).hexdigest()}, order="sorted")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("memory_kib", FLOOR_KIB - 1),
        ("memory_kib", 8),
        ("memory_kib", 2**31),
        ("passes", 0),
        ("passes", 10**6),
        ("lanes", 0),
        ("lanes", 255),
        ("memory_kib", "65536"),
    ],
)
def test_a_header_whose_cost_is_out_of_range_is_never_used(header: Header, name: str, value: object) -> None:
    content = checked_again(header, lambda fields: fields["slots"][0]["cost"].update({name: value}))
    with pytest.raises(HeaderDamaged):
        slots.decode_header(content)


@pytest.mark.parametrize(
    "change",
    [
        lambda fields: fields["slots"].pop(0),
        lambda fields: fields["slots"].append(fields["slots"][0]),
        lambda fields: fields.update(version=2),
        lambda fields: fields.update(more=1),
        lambda fields: fields["slots"][0].update(more=1),
    ],
)
def test_a_header_of_another_shape_is_damage(header: Header, change: Callable[[dict[str, Any]], None]) -> None:
    with pytest.raises(HeaderDamaged):
        slots.decode_header(checked_again(header, change))


def test_a_slot_below_the_floor_is_never_made() -> None:
    with pytest.raises(msgspec.ValidationError):
        slots.passphrase_slot(VAULT, KEY, b"words", Cost(FLOOR_KIB - 1), entry=1, keyring_secret=None)


@dataclasses.dataclass
class Speed:
    """A laptop on which 64 MiB once takes ``seconds`` and which has ``memory_kib`` to spare."""

    seconds: float
    memory_kib: int = 2**30

    def __call__(self, cost: Cost) -> float:
        if cost.memory_kib > self.memory_kib:
            raise Unavailable("This laptop has too little free memory.")
        return self.seconds * cost.memory_kib / FLOOR_KIB * cost.passes


@pytest.mark.parametrize(
    ("laptop", "cost"),
    [
        (Speed(0.06), Cost(CEILING_KIB, passes=2)),
        (Speed(0.01), Cost(CEILING_KIB, passes=12)),
        (Speed(0.2), Cost(2 * FLOOR_KIB, passes=1)),
        (Speed(0.4), Cost(FLOOR_KIB, passes=1)),
        (Speed(3.0), Cost(FLOOR_KIB, passes=1)),
        (Speed(0.05, memory_kib=FLOOR_KIB), Cost(FLOOR_KIB, passes=10)),
        (Speed(0.00001), Cost(CEILING_KIB, passes=64)),
    ],
)
def test_calibration_takes_memory_first_then_passes_and_never_goes_below_the_floor(laptop: Speed, cost: Cost) -> None:
    assert slots.calibrate(0.5, laptop) == cost


def test_calibration_on_this_machine_gives_a_cost_that_a_slot_takes() -> None:
    cost = slots.calibrate(0.05)
    assert cost.memory_kib >= FLOOR_KIB
    assert slots.passphrase_slot(VAULT, KEY, b"words", cost, entry=1, keyring_secret=None).cost == cost


@given(recoveries)
def test_a_printed_key_is_eight_groups_of_five_and_is_read_back(recovery: bytes) -> None:
    printed = slots.print_key(recovery)
    groups = printed.split("-")
    assert [len(group) for group in groups] == [5] * 8
    assert set("".join(groups)) <= set(CROCKFORD)
    assert slots.read_key(printed) == recovery


@given(recoveries, st.randoms())
def test_a_key_is_read_whatever_its_spaces_dashes_case_and_look_alikes(recovery: bytes, random: Any) -> None:
    typed = "".join(
        random.choice([character, character.lower()]) + random.choice(["", "", " ", "-", "\n", " \u2013 "])
        for character in slots.print_key(recovery)
    )
    for right, wrong in (("0", "oO"), ("1", "iIlL")):
        typed = "".join(random.choice(wrong) if character == right else character for character in typed)
    assert slots.read_key(typed) == recovery


def test_any_one_character_mistyped_names_its_group() -> None:
    printed = slots.print_key(secrets.token_bytes(20)).replace("-", "")
    for place, right in enumerate(printed):
        for wrong in CROCKFORD.replace(right, "") + "Ué":
            with pytest.raises(RecoveryKeyMistyped) as mistyped:
                slots.read_key(printed[:place] + wrong + printed[place + 1 :])
            assert mistyped.value.group == place // 5 + 1
            assert f"Group {place // 5 + 1} is mistyped" in str(mistyped.value)


def test_two_neighbours_exchanged_name_their_group() -> None:
    printed = slots.print_key(bytes(range(7, 27)))
    for place in range(len(printed) - 1):
        first, second = printed[place], printed[place + 1]
        if "-" in (first, second) or first == second:
            continue
        with pytest.raises(RecoveryKeyMistyped) as mistyped:
            slots.read_key(printed[:place] + second + first + printed[place + 2 :])
        assert mistyped.value.group == place // 6 + 1


def test_two_groups_exchanged_name_the_first_of_them() -> None:
    groups = slots.print_key(bytes(range(7, 27))).split("-")
    groups[2], groups[5] = groups[5], groups[2]
    with pytest.raises(RecoveryKeyMistyped) as mistyped:
        slots.read_key("-".join(groups))
    assert mistyped.value.group == 3


@pytest.mark.parametrize(("typed", "message"), [("", "This is 0"), ("00000 00000", "Group 1"), ("-" * 9, "This is 0")])
def test_a_key_of_another_length_says_how_long_it_should_be(typed: str, message: str) -> None:
    with pytest.raises(RecoveryKeyMistyped, match=message):
        slots.read_key(typed)


def test_a_key_with_a_group_left_out_or_added_is_not_taken() -> None:
    printed = slots.print_key(bytes(20))
    for typed in (printed[:-6], printed + "-00000", printed[:-1], printed + "0"):
        with pytest.raises(RecoveryKeyMistyped, match="8 groups of 5 characters, 40 in all") as mistyped:
            slots.read_key(typed)
        assert mistyped.value.group is None
