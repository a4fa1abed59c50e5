"""No person, sheet or laptop makes a child another kind of record, and none sends more in one revision than all can read."""

from pathlib import Path

import msgspec
import pytest

from hipss_desktop.errors import UserError
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.records.bounds import MOST_CHANGED, MOST_PARENTS, MOST_ROWS
from hipss_desktop.records.revision import body_bytes
from hipss_desktop.sheets.keys import identifier_before, identify_under, name_of
from hipss_desktop.sheets.names import names_for
from hipss_desktop.sheets.reading import read_sheet
from sync.council.administration import quarantine
from sync.council.caseload import load
from sync.council.chain import own_chain, states
from tests.helpers.council_client import Laptop, Refused
from tests.helpers.council_fixtures import CouncilServer

SHEET = "Service number,First name,Family name,Date of birth\n{number},Kai,Preece,04/05/2006\n"


def sheet(tmp_path: Path, number: str, more: str = "") -> Path:
    file = tmp_path / "child.csv"
    file.write_text(SHEET.format(number=number) + more, encoding="utf-8")
    return file


def identifiers(council: CouncilServer, number: str) -> tuple[str, str]:
    """The identifier that this council's import gives a child, and the one that old imports derived without a secret."""
    [row] = read_sheet(CHILD, SHEET.format(number=number), names_for(CHILD, lambda kind: ())).rows
    name = name_of(CHILD, row.fields)
    assert name is not None
    return identify_under(council.admin.home.key_for("imported"))(name), identifier_before(name)


def children(council: CouncilServer) -> dict[str, str]:
    """Each child's record by service number, as the council reads it."""
    with council.admin.store.reading() as connection:
        child_states = states(connection, CHILD.name)
    return {str(state.fields.get("local_id")): record for record, state in child_states.items()}


def test_nobody_joins_under_the_identifier_of_a_child(shared_council: CouncilServer, tmp_path: Path) -> None:
    load(shared_council.admin, [(CHILD, sheet(tmp_path, "K-701"))], dry_run=False, amend=False, add_alike=True)
    child = children(shared_council)["K-701"]
    assert child == identifiers(shared_council, "K-701")[0]
    thief = Laptop(shared_council.url, person=child)
    with pytest.raises(Refused) as refused:
        thief.enrol(shared_council.invite("A. Nother"))
    assert refused.value.refusal.code == "wrong_person"
    assert children(shared_council)["K-701"] == child


@pytest.mark.parametrize("by", ["contact", "person"])
def test_a_child_is_imported_whose_identifier_was_taken_before(
    shared_council: CouncilServer, tmp_path: Path, by: str
) -> None:
    number = f"K-702-{by}"
    identifier, _ = identifiers(shared_council, number)  # as somebody knows it who saw it before a restore
    if by == "contact":
        laptop = shared_council.laptop()
        laptop.push(laptop.write(record=identifier))
    else:
        Laptop(shared_council.url, person=identifier).enrol(shared_council.invite("A. Nother"))
    file = sheet(tmp_path, number)
    done = load(shared_council.admin, [(CHILD, file)], dry_run=False, amend=False, add_alike=True)
    assert (done.added, done.problems) == (1, [])
    assert children(shared_council)[number] != identifier
    second_import = load(shared_council.admin, [(CHILD, file)], dry_run=False, amend=False, add_alike=True)
    assert (second_import.added, second_import.same) == (0, 1)


def test_what_was_imported_before_identifiers_were_secret_is_found_again(
    shared_council: CouncilServer, tmp_path: Path
) -> None:
    _, before = identifiers(shared_council, "K-705")
    kai = {"given_name": "Kai", "family_name": "Preece", "born": "2006-05-04"}
    with own_chain(shared_council.admin) as chain:
        chain.append(CHILD, {**kai, "local_id": "K-705, amended"}, record=before)
    done = load(shared_council.admin, [(CHILD, sheet(tmp_path, "K-705"))], dry_run=False, amend=False, add_alike=True)
    assert (done.added, len(done.changed)) == (0, 1)


def test_the_council_itself_never_writes_a_record_as_another_kind(shared_council: CouncilServer) -> None:
    with own_chain(shared_council.admin) as chain:
        record = chain.append(CHILD, {"given_name": "Kai"}).envelope.record
    with (
        pytest.raises(UserError, match="another record under this identifier"),
        own_chain(shared_council.admin) as chain,
    ):
        chain.append(CONTACT, {}, record=record)


def test_a_row_that_is_too_long_is_a_problem_of_its_line_and_the_others_are_taken(
    shared_council: CouncilServer, tmp_path: Path
) -> None:
    long = f"K-704,{'Kai ' * 180_000},Preece,04/05/2006\n"
    done = load(
        shared_council.admin, [(CHILD, sheet(tmp_path, "K-703", long))], dry_run=False, amend=False, add_alike=True
    )
    assert done.added == 1
    assert [(problem.line, problem.message) for problem in done.problems] == [
        (3, "This record is too long to send. Shorten it, or put part of it in a second record.")
    ]
    assert "K-704" not in children(shared_council)


def many_rows() -> dict[str, object]:
    return {"happening": "Rang.", "follow_ups": [{"id": f"r{row}", "what": "Ring"} for row in range(MOST_ROWS + 1)]}


def test_the_council_itself_never_writes_more_than_all_can_read(shared_council: CouncilServer) -> None:
    with (
        pytest.raises(UserError, match="Put part of them in a second record"),
        own_chain(shared_council.admin) as chain,
    ):
        chain.append(CONTACT, many_rows())


@pytest.mark.parametrize("beyond", ["rows", "changed", "parents"])
def test_what_is_beyond_its_bounds_is_held_back_and_the_chain_goes_on(
    shared_council: CouncilServer, beyond: str
) -> None:
    laptop = shared_council.laptop()
    before = laptop.write()
    if beyond == "rows":
        wrong = laptop.write(fields=many_rows())
    elif beyond == "changed":
        wrong = laptop.write(body=body_bytes({}, [f"rows/r{row}" for row in range(MOST_CHANGED + 1)]))
    else:
        wrong = laptop.write(
            change=lambda envelope: msgspec.structs.replace(
                envelope, parents=[f"{parent:064x}" for parent in range(MOST_PARENTS + 1)]
            )
        )
    after = laptop.write()
    answer = laptop.push(before, wrong, after)
    assert [result.outcome for result in answer.results] == ["stored", "held", "stored"]
    assert [held.digest for held in quarantine(shared_council.admin) if held.digest == wrong.digest] == [wrong.digest]
