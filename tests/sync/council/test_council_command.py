"""``hipss-council`` as it is typed."""

import json
import shutil
import ssl
import subprocess
import sys
import urllib.request
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS
from openpyxl import Workbook

from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.chain import Link
from hipss_desktop.records.revision import body_digest
from sync.council.chain import states
from sync.wire import codes
from tests.helpers.council_client import Laptop
from tests.helpers.council_fixtures import ROOT, CouncilServer

DEMO = ROOT / "resources" / "demo"
CASELOAD = ("practitioners", "carers", "children", "placements", "shifts", "directory")


@pytest.fixture
def caseload(tmp_path: Path) -> Path:
    folder = tmp_path / "caseload"
    folder.mkdir()
    for name in CASELOAD:
        shutil.copy(DEMO / f"{name}.csv", folder)
    return folder


def verifies(compact: str, key: JWK) -> bool:
    """What another library says of a revision."""
    try:
        token = JWS()
        token.allowed_algs = ["Ed25519"]
        token.deserialize(compact, key)
    except Exception:  # noqa: BLE001  whatever it raises, it does not verify
        return False
    return bool(token.is_valid)


def test_a_council_is_made_by_one_command_in_a_process_of_its_own(tmp_path: Path) -> None:
    server = CouncilServer(tmp_path / "council")
    command = [sys.executable, "-m", "sync.council.cli", "--home", str(server.folder)]
    process = subprocess.run(
        [*command, "init", "--name", "Herefordshire", "--json"], capture_output=True, check=True, env=server.environment
    )
    assert json.loads(process.stdout)["seat"] == server.admin.seat
    failed = subprocess.run([*command, "init"], capture_output=True, check=False, env=server.environment)
    assert (failed.returncode, failed.stdout) == (1, b"")
    assert b"already" in failed.stderr
    server.close()


def test_a_council_is_made_once(council_folder: CouncilServer) -> None:
    output = council_folder.run("init", "--name", "Another", expect=1)
    assert "already" in output
    assert "key" not in json.loads((council_folder.folder / "council.json").read_text())
    for name in ("signing.key", "council.json"):
        assert (council_folder.folder / name).stat().st_mode & 0o077 == 0


def test_an_invitation_prints_the_code_that_names_the_council(council_folder: CouncilServer) -> None:
    code = council_folder.run("invite", "--name", "A. Bevan", "--role", "On-call practitioner").strip()
    assert codes.read(code)[1] == codes.fingerprint(council_folder.admin.home.public)
    assert council_folder.json("invite", "--name", "B. Cole", "--role", "lead")["role"] == "lead"
    assert "Use one of" in council_folder.run("invite", "--name", "B. Cole", "--role", "wizard", expect=1)
    council_folder.run("invite", "--role", "lead", expect=2)
    council_folder.run("dance", expect=2)


def test_any_library_verifies_a_revision_and_any_flipped_byte_fails(council_server: CouncilServer) -> None:
    laptop = council_server.laptop()
    written = laptop.write()
    laptop.push(written)
    compact = council_server.run("revision", written.digest).strip()
    key = JWK.from_json(council_server.run("seat", "key", laptop.seat))
    assert compact == written.jws
    assert verifies(compact, key)
    for place, character in enumerate(compact):
        flipped = chr(ord(character) ^ 1)
        assert not verifies(compact[:place] + flipped + compact[place + 1 :], key), place
    whole = council_server.json("revision", written.digest)
    assert whole["body"].encode() == written.body
    assert written.salt is not None
    assert body_digest(written.salt, whole["body"].encode()) == whole["envelope"]["body"]
    council_server.run("revision", "0" * 64, expect=1)
    council_server.run("seat", "key", "nobody", expect=1)


def test_a_laptop_is_listed_and_revoked(council_server: CouncilServer) -> None:
    laptop = council_server.laptop("C. Powell", "supervising")
    laptop.push(laptop.write())
    assert [device["seat"] for device in council_server.json("device", "list")] == [laptop.seat]
    council_server.json("device", "revoke", laptop.seat, "--why", "Left the service.")
    assert council_server.json("device", "list")[0]["revoked_after"] == 1
    assert "already" in council_server.run("device", "revoke", laptop.seat, "--why", "Again.", expect=1)


def test_what_is_held_is_listed_and_released(council_server: CouncilServer) -> None:
    laptop = council_server.laptop("G. Lloyd", "commissioner")
    written = laptop.write("practitioner", {"name": "H. Evans"})
    laptop.push(written)
    assert [quarantined["digest"] for quarantined in council_server.json("held")] == [written.digest]
    council_server.json("release", written.digest, "--why", "Agreed.")
    assert council_server.json("held") == []
    council_server.json("erase", written.digest, "--basis", "Article 17(1)(d)")
    assert council_server.json("revision", written.digest)["body"] is None


def test_a_dry_run_changes_nothing_and_the_same_caseload_twice_adds_nothing(
    council_folder: CouncilServer, caseload: Path
) -> None:
    dry = council_folder.json("import", str(caseload), "--dry-run")
    assert dry["problems"] == []
    assert council_folder.json("doctor") == {"seats": {}, "findings": [], "unreadable": [], "held": [], "doubts": []}
    first = council_folder.json("import", str(caseload))
    assert first["added"] == dry["added"] > 50
    second_import = council_folder.json("import", str(caseload))
    assert (second_import["added"], second_import["amended"], second_import["same"]) == (0, 0, first["added"])
    assert council_folder.json("doctor")["seats"][council_folder.admin.seat][0] == first["added"]


def test_a_changed_row_is_reported_and_taken_as_an_amendment_only_when_asked(
    council_folder: CouncilServer, caseload: Path
) -> None:
    council_folder.json("import", "practitioner", str(caseload / "practitioners.csv"))
    sheet = caseload / "practitioners.csv"
    sheet.write_text(sheet.read_text().replace("07700 900184", "07700 900999"))
    reported = council_folder.json("import", "practitioner", str(sheet), expect=1)
    assert (reported["added"], reported["amended"], len(reported["changed"])) == (0, 0, 1)
    taken = council_folder.json("import", "practitioners", str(caseload), "--amend")
    assert (taken["added"], taken["amended"], taken["changed"]) == (0, 1, [])
    assert council_folder.json("import", "practitioner", str(sheet))["amended"] == 0


def test_a_bad_row_is_reported_by_line_and_good_rows_go_in(council_folder: CouncilServer, caseload: Path) -> None:
    sheet = caseload / "practitioners.csv"
    sheet.write_text("Name,Role\nA. Bevan,On-call practitioner\nB. Cole,Wizard\n")
    done = council_folder.json("import", "practitioner", str(sheet), expect=1)
    assert done["added"] == 1
    assert [problem["line"] for problem in done["problems"]] == [3]


def test_a_file_that_is_no_sheet_is_named_and_the_other_sheets_go_in(
    council_folder: CouncilServer, caseload: Path
) -> None:
    (caseload / "children.csv").write_bytes(b"%PDF-1.7\n")
    (caseload / "carers.csv").write_bytes(
        "Household,Status\nSiân|Pryce||Carer|01/02/1970,Approved\n".encode("mac_roman")
    )
    (caseload / "placements.csv").unlink()
    (caseload / "childen 2.csv").touch()
    (caseload / ".~lock.children.csv#").touch()
    done = council_folder.json("import", str(caseload), expect=1)
    assert done["unread"] == ["childen 2.csv"]
    assert [(problem["file"], problem["line"], problem["message"][:13]) for problem in done["problems"]] == [
        ("children.csv", 0, "This is a PDF")
    ]
    assert [note[:39] for note in done["notes"]] == ["carers.csv: The letters were read as ma"]
    assert done["added"] > 20
    words = council_folder.run("import", str(caseload), expect=1)
    assert "children.csv: This is a PDF, not a sheet." in words
    assert "childen 2.csv: This file was not read, because its name is that of no kind." in words


def test_a_workbook_is_imported_in_a_folder_as_a_text_is(council_folder: CouncilServer, tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    for row in (["Name", "Role"], ["A. Bevan", "On-call practitioner"], ["B. Cole", "Wizard"]):
        book.active.append(row)
    (tmp_path / "sheets").mkdir()
    book.save(tmp_path / "sheets" / "practitioners.xlsx")
    words = council_folder.run("import", str(tmp_path / "sheets"), expect=1)
    assert "practitioners.xlsx, line 3, Role, “Wizard”: This is no choice" in words
    assert "Added 1," in words


def test_a_whole_caseload_of_every_kind_is_imported_in_one_call_and_exported_to_the_same(
    council_folder: CouncilServer, tmp_path: Path
) -> None:
    done = council_folder.json("import", "all", str(DEMO), expect=1)
    assert (done["problems"], done["changed"]) == ([], [])
    assert {"history.py", "stories.toml"} <= set(done["unread"]), "they are no sheets"
    out = tmp_path / "out"
    export_report = council_folder.json("export", "all", "--to", str(out))
    assert sum(file["records"] for file in export_report["files"]) == done["added"]
    assert {file["kind"] for file in export_report["files"]} == {kind.name for kind in KINDS.values() if kind.sheet.key}
    second_import = council_folder.json("import", "all", str(out))
    assert (
        second_import["added"],
        second_import["amended"],
        second_import["same"],
        second_import["changed"],
        second_import["problems"],
    ) == (0, 0, done["added"], [], [])
    other_council = CouncilServer(tmp_path / "other")
    other_council.init()
    assert other_council.json("import", "all", str(out))["added"] == done["added"]
    other_council.json("export", "all", "--to", str(tmp_path / "other-out"))
    for sheet in out.iterdir():
        assert (tmp_path / "other-out" / sheet.name).read_text() == sheet.read_text(), "its identifiers are its own"
    other_council.close()


def test_an_amended_row_leaves_what_the_sheet_does_not_say(council_folder: CouncilServer, tmp_path: Path) -> None:
    sheet = tmp_path / "people.csv"
    sheet.write_text("Name,Role,Job title,Team\nA. Bevan,On-call practitioner,Practitioner,North\n")
    council_folder.json("import", "practitioner", str(sheet))
    sheet.write_text("Name,Team\nA. Bevan,South\n")
    assert council_folder.json("import", "practitioner", str(sheet), "--amend")["amended"] == 1
    with council_folder.admin.store.reading() as connection:
        [held] = states(connection, "practitioner").values()
    assert held.fields == {"name": "A. Bevan", "role": "on_call", "job_title": "Practitioner", "team": "South"}


def test_an_import_reads_only_the_kinds_that_its_sheet_refers_to(
    council_folder: CouncilServer, caseload: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_kinds: list[str] = []

    def noted(connection: Any, kind: str) -> Any:
        read_kinds.append(kind)
        return states(connection, kind)

    monkeypatch.setattr("sync.council.caseload.states", noted)
    council_folder.json("import", "directory", str(caseload / "directory.csv"))
    assert read_kinds == ["directory"]
    read_kinds.clear()
    council_folder.json("import", "shift", str(caseload / "shifts.csv"), expect=1)
    assert set(read_kinds) == {
        "practitioner",
        "shift",
    }  # a swap names another shift, so its own kind is read for names too


def test_an_imported_caseload_reaches_a_laptop(council_server: CouncilServer, caseload: Path) -> None:
    council_server.json("import", str(caseload))
    laptop = Laptop(council_server.url)
    offer = laptop.look(council_server.invite("A. Bevan", person=""))
    assert offer.person
    laptop.person = offer.person
    laptop.enrol(council_server.invite("A. Bevan", person=""))
    laptop.ask_token()
    pulled = laptop.pull_all()
    assert all(to_wire.body for to_wire in pulled)
    number, digest = council_server.json("doctor")["seats"][council_server.admin.seat]
    assert laptop.have().have == {council_server.admin.seat: Link(number, digest)}


def test_several_processes_serve_one_store_and_stop_cleanly(council_folder: CouncilServer) -> None:
    council_folder.start("--workers", "2")
    laptops = [council_folder.laptop() for _ in range(4)]
    for laptop in laptops:
        laptop.push(*(laptop.write() for _ in range(20)))
    assert len(council_folder.json("doctor")["seats"]) == 5
    assert council_folder.stop() == 0


def test_a_stopped_server_leaves_cleanly(council_server: CouncilServer) -> None:
    assert council_server.stop() == 0


def test_tls_is_served_with_a_certificate_and_a_key(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = tmp_path / "certificate.pem", tmp_path / "key.pem"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = serialization.PrivateFormat.PKCS8
    key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, private, serialization.NoEncryption()))
    server = CouncilServer(tmp_path / "council")
    server.init()
    assert "both" in server.run("serve", "--certificate", str(certificate_file), expect=1)
    server.start("--certificate", str(certificate_file), "--key", str(key_file))
    try:
        assert server.url.startswith("https://")
        trusted = ssl.create_default_context(cafile=certificate_file)
        with urllib.request.urlopen(f"{server.url}/v1/health", context=trusted) as answer:
            assert json.load(answer)["status"] == "ok"
    finally:
        server.stop()
