"""The vault as a whole: made, opened, damaged, its passphrase changed, and cut off at every step."""

import json
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count, repeat
from pathlib import Path
from typing import Any

import pytest
from keyring.backends import SecretService as Backend

from db import home as home_module
from db import keyrings, slots, vault
from db.anchor import AnchorFile
from db.home import Home, VaultFiles
from db.keyrings import KeyringAbsent, KeyringEntryMissing, KeyringLocked
from db.slots import FLOOR_KIB, Cost, HeaderDamaged, RecoveryKeyMistyped
from db.unlock_throttle import TooManyTries
from db.vault import Created, NewKeys, PassphraseRefused, StoreDamaged, WrongPassphrase, WrongRecoveryKey
from hipss_desktop.errors import Tampered, Unavailable, UserError
from tests.helpers.private_keyring import SecretServiceOnPrivateBus

OLD = "kettle marble otter Thursday"
NEW = "walnut trumpet seventeen gravel"
WRONG = "something else entirely now"


def floor() -> Cost:
    """The least that a guess may cost, to be quick."""
    return Cost(FLOOR_KIB, passes=1, lanes=4)


def make(home: Home, passphrase: str = OLD, *, keyring: bool = True) -> Created:
    return vault.create(
        home, name="A. Bevan", role="Senior practitioner", passphrase=passphrase, keyring=keyring, calibrate=floor
    )


def nothing_to_copy(files: VaultFiles, _keys: NewKeys) -> None:
    """For a vault without a store."""
    assert files.stores() == []


def change(
    home: Home, new_vault: Created, new: str = NEW, *, keyring: bool = True, key: bytes = b"", recovery_key: str = ""
) -> NewKeys:
    """Change the passphrase of a vault without a store, whose key is the first one where none is given."""
    return vault.change_passphrase(
        home,
        new_vault.vault_id,
        key or new_vault.database_key,
        new,
        copy=nothing_to_copy,
        recovery_key=recovery_key,
        keyring=keyring,
        calibrate=floor,
    )


def opens(home: Home, new_vault: Created, passphrase: str) -> bool:
    try:
        return len(vault.unlock(home, new_vault.vault_id, passphrase)) == 32
    except WrongPassphrase:
        return False


def contents(home: Home, new_vault: Created, *, but: str = "tries") -> dict[str, bytes]:
    folder = home.files(new_vault.vault_id).folder
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != but}


@pytest.fixture
def new_vault(home: Home) -> Created:
    """A vault on a machine without a keyring."""
    return make(home)


# making and opening


def test_a_new_vault_opens_by_its_passphrase_and_both_recovery_keys(home: Home, new_vault: Created) -> None:
    assert len(new_vault.database_key) == 32
    assert vault.unlock(home, new_vault.vault_id, OLD) == new_vault.database_key
    for key in (new_vault.recovery_key, new_vault.council_recovery_key):
        typed = key.lower().replace("-", " ").replace("0", "o")
        assert vault.unlock_with_recovery(home, new_vault.vault_id, typed) == new_vault.database_key
    assert new_vault.recovery_key != new_vault.council_recovery_key


def test_a_new_person_is_on_the_locked_screen(home: Home, new_vault: Created) -> None:
    assert [(person.vault_id, person.name, person.role) for person in home.people()] == [
        (new_vault.vault_id, "A. Bevan", "Senior practitioner")
    ]


def test_two_people_on_one_laptop_share_nothing(home: Home, new_vault: Created) -> None:
    other = make(home, NEW)
    assert other.database_key != new_vault.database_key
    assert not opens(home, other, OLD)
    with pytest.raises(WrongRecoveryKey, match="another person or laptop"):
        vault.unlock_with_recovery(home, other.vault_id, new_vault.recovery_key)
    assert opens(home, other, NEW)


def test_keys_and_passphrase_are_in_no_file_and_in_nothing_that_is_printed(home: Home, new_vault: Created) -> None:
    everything = b"".join(path.read_bytes() for path in home.path.rglob("*") if path.is_file())
    for secret in (
        new_vault.database_key,
        OLD.encode(),
        new_vault.recovery_key.encode(),
        new_vault.council_recovery_key.encode(),
    ):
        assert secret not in everything
    for shown in (new_vault.recovery_key, new_vault.council_recovery_key, repr(new_vault.database_key)):
        assert shown not in repr(new_vault)


@pytest.mark.parametrize("poor", ["short", "password1234"])
def test_a_poor_passphrase_is_refused_with_a_reason_and_nothing_is_made(home: Home, poor: str) -> None:
    with pytest.raises(PassphraseRefused):
        make(home, poor)
    assert home.people() == []


def test_a_passphrase_is_the_same_however_its_accents_are_typed(home: Home) -> None:
    words = "crème brûlée façade naïve"
    new_vault = make(home, unicodedata.normalize("NFD", words))
    assert opens(home, new_vault, unicodedata.normalize("NFC", words))


def test_spaces_and_capitals_matter(home: Home, new_vault: Created) -> None:
    assert not opens(home, new_vault, OLD.lower())
    assert not opens(home, new_vault, OLD + " ")


def test_the_cost_is_calibrated_at_enrolment_to_about_half_a_second(home: Home) -> None:
    new_vault = vault.create(home, name="A. Bevan", role="Practitioner", passphrase=OLD)
    header = json.loads(home.files(new_vault.vault_id).header.read_bytes())["header"]
    cost = header["slots"][0]["cost"]
    assert cost["memory_kib"] * cost["passes"] >= FLOOR_KIB
    assert opens(home, new_vault, OLD)


# wrong tries and damage


def test_a_wrong_passphrase_says_how_many_tries_are_left_and_the_tenth_when_to_come_back(
    home: Home, new_vault: Created
) -> None:
    now = datetime(2017, 3, 14, 2, 20, 40, tzinfo=UTC)
    before = contents(home, new_vault)
    messages = []
    for _ in range(9):
        with pytest.raises(WrongPassphrase) as wrong:
            vault.unlock(home, new_vault.vault_id, WRONG, clock=lambda: now)
        messages.append(str(wrong.value))
    assert messages[2] == "That passphrase does not match. 7 tries left."
    assert messages[8] == "That passphrase does not match. 1 try left."
    with pytest.raises(TooManyTries, match=r"^You can try again at 02:36\.$"):
        vault.unlock(home, new_vault.vault_id, WRONG, clock=lambda: now)
    for moment in (now, now - timedelta(days=400), now - timedelta(days=400)):
        with pytest.raises(TooManyTries):
            vault.unlock(home, new_vault.vault_id, OLD, clock=repeat(moment).__next__)
    assert vault.unlock_with_recovery(home, new_vault.vault_id, new_vault.recovery_key) == new_vault.database_key
    assert vault.unlock(home, new_vault.vault_id, OLD, clock=lambda: now) == new_vault.database_key
    assert contents(home, new_vault) == before


def test_the_right_passphrase_gives_all_ten_tries_back(home: Home, new_vault: Created) -> None:
    assert not opens(home, new_vault, WRONG)
    assert opens(home, new_vault, OLD)
    with pytest.raises(WrongPassphrase) as wrong:
        vault.unlock(home, new_vault.vault_id, WRONG)
    assert wrong.value.tries_left == 9


def test_a_try_is_counted_before_its_result_is_known(
    home: Home, new_vault: Created, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_arguments: object) -> bytes:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(slots, "open_slot", killed)
        with pytest.raises(SystemExit):
            vault.unlock(home, new_vault.vault_id, WRONG)
    with pytest.raises(WrongPassphrase) as wrong:
        vault.unlock(home, new_vault.vault_id, WRONG)
    assert wrong.value.tries_left == 8


def test_a_damaged_header_is_said_whatever_the_passphrase_and_costs_no_try(home: Home, new_vault: Created) -> None:
    header = home.files(new_vault.vault_id).header
    content = bytearray(header.read_bytes())
    content[200] ^= 1
    header.write_bytes(content)
    before = contents(home, new_vault)
    for passphrase in (OLD, WRONG):
        with pytest.raises(HeaderDamaged, match="Your passphrase is not the cause"):
            vault.unlock(home, new_vault.vault_id, passphrase)
    with pytest.raises(HeaderDamaged):
        vault.unlock_with_recovery(home, new_vault.vault_id, new_vault.recovery_key)
    with pytest.raises(HeaderDamaged):
        change(home, new_vault)
    assert contents(home, new_vault) == before


def test_a_missing_header_or_another_person_s_is_damage_too(home: Home, new_vault: Created) -> None:
    other = make(home, NEW)
    home.files(new_vault.vault_id).header.write_bytes(home.files(other.vault_id).header.read_bytes())
    with pytest.raises(HeaderDamaged):
        vault.unlock(home, new_vault.vault_id, NEW)
    home.files(new_vault.vault_id).header.unlink()
    with pytest.raises(HeaderDamaged):
        vault.unlock(home, new_vault.vault_id, OLD)


def test_a_mistyped_recovery_key_names_the_group_and_a_foreign_one_is_told_apart(
    home: Home, new_vault: Created
) -> None:
    wrong = "ZZZZZ" if new_vault.recovery_key[6:11] != "ZZZZZ" else "YYYYY"
    before = contents(home, new_vault)
    with pytest.raises(RecoveryKeyMistyped, match="Group 2"):
        vault.unlock_with_recovery(
            home, new_vault.vault_id, new_vault.recovery_key[:6] + wrong + new_vault.recovery_key[11:]
        )
    assert contents(home, new_vault) == before


def test_every_condition_has_its_own_class_and_its_own_sentence() -> None:
    until = datetime(2017, 3, 14, 2, 36, tzinfo=UTC)
    conditions: list[tuple[Exception, type[Exception]]] = [
        (WrongPassphrase(7), UserError),
        (TooManyTries(until), UserError),
        (WrongRecoveryKey(), UserError),
        (HeaderDamaged(), Tampered),
        (StoreDamaged(), Tampered),
        (KeyringEntryMissing(), Unavailable),
        (KeyringLocked(), Unavailable),
        (KeyringAbsent(), Unavailable),
    ]
    assert len({str(condition) for condition, _ in conditions}) == len(conditions)
    for condition, kind in conditions:
        assert isinstance(condition, kind)
        for sentence in str(condition).rstrip(".").split(". "):
            assert len(sentence.split()) <= 20
        assert not {"please", "sorry", "invalid", "failed"} & set(str(condition).lower().split())


# the keyring


def test_with_a_keyring_the_passphrase_alone_opens_nothing(
    home: Home, secret_service: SecretServiceOnPrivateBus
) -> None:
    new_vault = make(home)
    assert new_vault.keyring_used
    assert vault.uses_keyring(home, new_vault.vault_id)
    assert opens(home, new_vault, OLD)
    before = contents(home, new_vault)
    keyrings.forget_secrets(new_vault.vault_id, 1)
    with pytest.raises(KeyringEntryMissing):
        vault.unlock(home, new_vault.vault_id, OLD)
    keyrings.new_secret(new_vault.vault_id, 1)
    assert not opens(home, new_vault, OLD)
    home.files(new_vault.vault_id).tries.unlink()
    secret_service.lock()
    with pytest.raises(KeyringLocked):
        vault.unlock(home, new_vault.vault_id, OLD)
    secret_service.stop()
    with pytest.raises(KeyringAbsent):
        vault.unlock(home, new_vault.vault_id, OLD)
    assert contents(home, new_vault) == before
    assert vault.unlock_with_recovery(home, new_vault.vault_id, new_vault.recovery_key) == new_vault.database_key


def test_without_a_keyring_a_vault_is_made_and_says_that_none_is_used(home: Home, new_vault: Created) -> None:
    assert not new_vault.keyring_used
    assert not vault.uses_keyring(home, new_vault.vault_id)


def test_where_the_keyring_is_locked_a_vault_is_made_with_the_passphrase_alone(
    home: Home, secret_service: SecretServiceOnPrivateBus
) -> None:
    secret_service.lock()
    new_vault = make(home)
    assert not new_vault.keyring_used
    assert opens(home, new_vault, OLD)


def test_a_vault_that_is_not_finished_leaves_nothing_in_the_keyring(
    home: Home, secret_service: SecretServiceOnPrivateBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _content: bytes) -> None:
        raise Unavailable("This laptop's disk did not take the change.")

    monkeypatch.setattr(vault, "write_whole", full)
    with pytest.raises(Unavailable):
        make(home)
    assert secret_service.entries() == []
    assert home.people() == []


def test_another_process_opens_the_vault_with_the_account_s_own_keyring(
    home: Home, secret_service: SecretServiceOnPrivateBus
) -> None:
    new_vault = make(home)
    code = (
        "import sys, pathlib; from db.home import Home; from db import vault\n"
        "print(vault.unlock(Home(pathlib.Path(sys.argv[1])), sys.argv[2], sys.argv[3]).hex())"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(home.path), new_vault.vault_id, OLD],
        env=secret_service.environment | {"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == new_vault.database_key.hex()


# changing the passphrase


def test_after_a_change_the_new_passphrase_works_the_old_does_not_and_the_printed_recovery_key_still_does(
    home: Home, secret_service: SecretServiceOnPrivateBus
) -> None:
    new_vault = make(home)
    secret = keyrings.read_secret(new_vault.vault_id, 1)
    keys = change(home, new_vault)
    assert keys.keyring_used
    assert secret_service.entries() == [f"{new_vault.vault_id}.2"]
    assert keyrings.read_secret(new_vault.vault_id, 2) != secret
    assert opens(home, new_vault, NEW)
    assert not opens(home, new_vault, OLD)
    assert keys.database_key != new_vault.database_key
    assert keys.recovery_key == ""
    assert vault.unlock_with_recovery(home, new_vault.vault_id, new_vault.recovery_key) == keys.database_key
    assert vault.unlock_with_recovery(home, new_vault.vault_id, keys.council_recovery_key) == keys.database_key
    with pytest.raises(WrongRecoveryKey):
        vault.unlock_with_recovery(home, new_vault.vault_id, new_vault.council_recovery_key)


def test_a_change_ends_a_wait(home: Home, new_vault: Created) -> None:
    for _ in range(9):
        assert not opens(home, new_vault, WRONG)
    with pytest.raises(TooManyTries):
        vault.unlock(home, new_vault.vault_id, WRONG)
    change(home, new_vault)
    assert opens(home, new_vault, NEW)


def test_a_lost_keyring_entry_is_mended_by_recovery_and_a_new_passphrase(
    home: Home, secret_service: SecretServiceOnPrivateBus
) -> None:
    new_vault = make(home)
    keyrings.forget_secrets(new_vault.vault_id, 1)
    key = vault.unlock_with_recovery(home, new_vault.vault_id, new_vault.recovery_key)
    assert change(home, new_vault, key=key, recovery_key=new_vault.recovery_key).keyring_used
    assert opens(home, new_vault, NEW)
    assert secret_service.entries() == [f"{new_vault.vault_id}.2"]


def test_a_change_can_leave_the_keyring_and_take_it_up_again(
    home: Home, secret_service: SecretServiceOnPrivateBus
) -> None:
    new_vault = make(home)
    keys = change(home, new_vault, keyring=False)
    assert not keys.keyring_used
    assert secret_service.entries() == []
    assert opens(home, new_vault, NEW)
    assert change(home, new_vault, OLD, key=keys.database_key).keyring_used
    assert secret_service.entries() == [f"{new_vault.vault_id}.3"]
    assert opens(home, new_vault, OLD)


def test_a_poor_new_passphrase_changes_nothing(home: Home, new_vault: Created) -> None:
    before = contents(home, new_vault)
    with pytest.raises(PassphraseRefused):
        change(home, new_vault, "password1234")
    assert contents(home, new_vault) == before


def test_a_change_where_the_keyring_is_locked_leaves_the_keyring(
    home: Home, secret_service: SecretServiceOnPrivateBus
) -> None:
    new_vault = make(home)
    secret_service.lock()
    assert not change(home, new_vault).keyring_used
    assert opens(home, new_vault, NEW)
    assert not vault.uses_keyring(home, new_vault.vault_id)


def test_another_vault_s_key_is_never_wrapped_by_a_change(home: Home, new_vault: Created) -> None:
    other = make(home, NEW)
    with pytest.raises(ValueError, match="not this vault's key"):
        change(home, new_vault, key=other.database_key)
    assert opens(home, new_vault, OLD)


class Cut(BaseException):
    """The power goes."""


def steps(monkeypatch: pytest.MonkeyPatch, cut_at: int) -> Callable[[], int]:
    """Count what reaches the disk or the keyring, before and after each, and let the power go at one of them."""
    reached = 0

    def step() -> None:
        nonlocal reached
        reached += 1
        if reached == cut_at:
            raise Cut

    def around(owner: Any, name: str) -> None:
        real = getattr(owner, name)

        def cut(*arguments: Any, **named: Any) -> Any:
            step()
            outcome = real(*arguments, **named)
            step()
            return outcome

        monkeypatch.setattr(owner, name, cut)

    around(Backend.Keyring, "set_password")
    around(Backend.Keyring, "delete_password")
    around(Path, "replace")
    around(Path, "unlink")
    for name in ("sync_file", "sync_directory"):
        around(home_module, name)
    return lambda: reached


def test_a_passphrase_change_cut_at_any_step_leaves_the_old_one_working_or_the_new(
    home: Home, secret_service: SecretServiceOnPrivateBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_vault, current, other = make(home), OLD, NEW
    seen = set()
    for cut_at in count(1):
        key = vault.unlock(home, new_vault.vault_id, current)
        with monkeypatch.context() as patched:
            reached = steps(patched, cut_at)
            try:
                change(home, new_vault, other, key=key)
            except Cut:
                ended = False
            else:
                ended = reached() < cut_at
        works = [passphrase for passphrase in (current, other) if opens(home, new_vault, passphrase)]
        assert len(works) == 1
        seen.add(works == [current])
        if works == [other]:
            current, other = other, current
        if ended:
            break
    assert cut_at > 8
    assert seen == {True, False}
    change(home, new_vault, other, key=vault.unlock(home, new_vault.vault_id, current))
    assert len(secret_service.entries()) == 1, "what the cuts left behind in the keyring is gone"


def test_the_copy_of_the_anchor_survives_a_passphrase_change(
    home: Home, secret_service: SecretServiceOnPrivateBus
) -> None:
    new_vault = make(home)
    with AnchorFile(home.files(new_vault.vault_id).anchor) as file:
        file.write("seat", 3, bytes(range(32)))
        anchor = file.read()
    assert anchor is not None
    keyrings.keep_anchor(new_vault.vault_id, anchor)
    change(home, new_vault)
    assert keyrings.read_anchor(new_vault.vault_id) == anchor
