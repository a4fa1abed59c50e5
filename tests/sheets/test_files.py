"""Files of sheets: the order of a caseload, what its files are called, and that nothing is lost or seen by others."""

import errno
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from hipss_desktop.errors import Unavailable, UserError
from hipss_desktop.files import KEEP_SAFE
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.fields import every_field
from hipss_desktop.sheets import files
from hipss_desktop.sheets.writing import Export
from tests.helpers.kinds_known import also_known
from tests.helpers.sheet_kinds import MEETING, MINUTES


def test_a_kind_comes_after_those_it_refers_to_and_every_kind_with_a_sheet_is_there() -> None:
    order = [kind.name for kind in files.sheet_kinds()]
    assert sorted(order) == sorted(kind.name for kind in KINDS.values() if kind.sheet.key)
    for kind in files.sheet_kinds():
        for field in every_field(kind.fields):
            if field.options.refers_to in order and field.options.refers_to != kind.name:
                assert order.index(field.options.refers_to) < order.index(kind.name)


def test_kinds_that_refer_to_themselves_and_each_other_are_ordered_too() -> None:
    with also_known(MEETING, MINUTES):
        order = [kind.name for kind in files.sheet_kinds()]
    assert order[-2:] == ["minutes", "meeting"]
    assert order.index("practitioner") < order.index("meeting")


@pytest.mark.parametrize(
    "text", ["contact", "On-call contacts", "on-call-contacts", "ON CALL CONTACTS", "contacts", "on_call_contacts"]
)
def test_a_kind_is_meant_by_its_name_its_plural_and_what_its_sheets_are_called(text: str) -> None:
    assert files.kind_meant(text) is KINDS["contact"]


def test_an_unknown_kind_is_refused_naming_those_there_are() -> None:
    with pytest.raises(UserError, match="Use one of: contact, child"):
        files.kind_meant("seals")


def test_a_folders_sheets_are_found_under_any_of_their_names_and_in_order(tmp_path: Path) -> None:
    for name in ("placement.csv", "Children.CSV", "carers.csv", "rota.csv", "notes.csv", "contacts.txt"):
        (tmp_path / name).touch()
    kinds_and_files = [(kind.name, file.name) for kind, file in files.sheets_meant("all", tmp_path).sheets]
    assert kinds_and_files == [("carer", "carers.csv"), ("child", "Children.CSV"), ("placement", "placement.csv"),
                     ("shift", "rota.csv")]  # fmt: skip
    assert files.sheets_meant(str(tmp_path), None) == files.sheets_meant("all", tmp_path)
    assert [file.name for _, file in files.sheets_meant("shifts", tmp_path).sheets] == ["rota.csv"]


def test_what_all_writes_into_a_folder_is_found_there_again(tmp_path: Path) -> None:
    places = files.places_for("all", tmp_path)
    for _, file in places:
        file.touch()
    assert files.sheets_meant("all", tmp_path) == files.Meant(places, [])


def test_a_folder_without_sheets_or_with_two_of_one_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no sheets in this folder"):
        files.sheets_meant("all", tmp_path)
    with pytest.raises(UserError, match="no sheet of that kind"):
        files.sheets_meant("child", tmp_path)
    (tmp_path / "child.csv").touch()
    (tmp_path / "children.csv").touch()
    with pytest.raises(UserError, match="more than one sheet of children"):
        files.sheets_meant("all", tmp_path)


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def test_a_file_is_readable_by_its_owner_alone_from_its_first_byte(tmp_path: Path) -> None:
    def pieces() -> Iterator[str]:
        yield "Zoë\n"
        assert [mode(path) for path in (tmp_path / "new").iterdir()] == [0o600]

    files.write_file(tmp_path / "new" / "sheet.csv", pieces(), overwrite=False)
    assert (tmp_path / "new" / "sheet.csv").read_text(encoding="utf-8-sig") == "Zoë\n"
    assert (mode(tmp_path / "new" / "sheet.csv"), mode(tmp_path / "new")) == (0o600, 0o700)
    assert len(list((tmp_path / "new").iterdir())) == 1


def test_an_existing_file_is_kept_unless_it_may_be_written_over_and_is_private_then(tmp_path: Path) -> None:
    file = tmp_path / "sheet.csv"
    file.write_text("old")
    file.chmod(0o644)
    with pytest.raises(UserError, match="--overwrite"):
        files.write_file(file, ["new"], overwrite=False)
    assert file.read_text() == "old"
    files.write_file(file, ["new"], overwrite=True)
    assert (file.read_text(encoding="utf-8-sig"), mode(file)) == ("new", 0o600)


def test_a_file_that_appears_while_another_is_written_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "sheet.csv"

    def pieces() -> Iterator[str]:
        yield "new"
        file.write_text("somebody else's")

    with pytest.raises(UserError, match="--overwrite"):
        files.write_file(file, pieces(), overwrite=False)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["somebody else's"]


def test_what_fails_on_the_way_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "sheet.csv"
    file.write_text("old")

    def pieces() -> Iterator[str]:
        yield "half"
        raise OSError(errno.ENOSPC, "No space left on device", "sheet.csv")

    with pytest.raises(Unavailable, match=r"^The disk is full\. Nothing was written\."):
        files.write_file(file, pieces(), overwrite=True)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]


def test_a_place_that_cannot_be_written_to_is_refused_with_a_message(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for to in (tmp_path / "no" / "such" / "sheet.csv", tmp_path / "file" / "sheet.csv"):
        with pytest.raises(UserError, match="no such folder"):
            files.write_file(to, ["x"], overwrite=True)
    with pytest.raises(UserError, match="This is a folder"):
        files.write_file(tmp_path, ["x"], overwrite=True)
    with pytest.raises(UserError, match="This is a file"):
        files.places_for("all", tmp_path / "file")


def test_where_one_of_several_files_is_there_already_none_is_written(tmp_path: Path) -> None:
    places = files.places_for("all", tmp_path)
    places[-1][1].write_text("old")
    empty = Export(iter([]), 0, 0, 0, 0)
    with pytest.raises(UserError, match="--overwrite"):
        files.write_exports(places, lambda kind: empty, overwrite=False)
    assert [path.name for path in tmp_path.iterdir()] == [places[-1][1].name]


def test_the_words_say_what_was_left_out_and_to_keep_the_file_safe() -> None:
    written = [files.Written("child", "children.csv", 1, 2, 0, 0), files.Written("carer", "carers.csv", 1200, 0, 1, 3)]
    assert files.words(written) == (
        "children.csv: 1 record. Left out: 2 withdrawn records.\n"
        "carers.csv: 1,200 records. Left out: 1 record without any answer here. "
        "Waiting for a decision, with one version written: 3 records.\n" + KEEP_SAFE
    )
