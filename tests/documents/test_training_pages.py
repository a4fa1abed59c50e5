"""Certificates of attendance and sign-in sheets: for whom there is one, and what stands on it."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hipss_desktop.documents.drawing import pdf
from hipss_desktop.documents.pages import page_of
from hipss_desktop.documents.training import certificate, row_of, sign_in_sheet
from hipss_desktop.documents.tree import Heading, Paragraph, Table, texts
from hipss_desktop.errors import UserError
from hipss_desktop.views.services import Services
from tests.helpers.pdf_pages import read_pdf
from tests.helpers.screens_of_training import session, trained
from tests.helpers.several_laptops import amend, close, exchange, give_without_text, joined
from tests.helpers.store_fixtures import SetClock, sign_in_as


def test_a_certificate_says_who_came_for_how_long_and_which_standards_were_covered(
    services: Services, clock: SetClock
) -> None:
    record = trained(services, clock)
    page = certificate(services, record, "p00")
    page_text = " ".join(texts(page))
    standards = ("3. Health and safety", "6. Keeping")
    for words in ("Jo Preece", "Why children run", "15 March 2017, 09:30 to 12:00", "2.5 hours", *standards):
        assert words in page_text
    for name in ("Ann Colley", "Beth Nash", "F. Doyle", "J. Tranter"):
        assert name not in page_text, "nobody else of the session stands on it"
    stored_record = services.store.get(record)
    assert stored_record is not None
    assert page.digests == stored_record.heads
    assert "Jo Preece" in " ".join(read_pdf(pdf(page)).text.split())


def test_who_left_early_gets_their_own_hours(services: Services, clock: SetClock) -> None:
    trained(services, clock)
    row = {"id": "p1", "name": "F. Doyle", "role": "Social worker", "was": "came", "minutes": 45}
    page_text = " ".join(texts(certificate(services, session(services, people=[row]), "p1")))
    assert "0.75 hours" in page_text
    assert "2.5 hours" not in page_text


def test_nobody_else_gets_a_certificate(services: Services, clock: SetClock) -> None:
    record = trained(services, clock)
    planned = next(
        training_record.record
        for training_record in services.store.records_of("training")
        if training_record.fields["name"] == "Sleep and trauma"
    )
    for of, row, why in (
        (record, "p05", "did not come"),  # sent apologies
        (record, "p08", "did not come"),
        (record, "nobody", "did not come"),
        (record, "p07", "name"),  # a social worker whose name is not recorded
        (planned, "p00", "not held"),
        ("not here", "p00", "not on this laptop"),
    ):
        with pytest.raises(UserError, match=why):
            certificate(services, of, row)
    cancelled = session(services, name="Cancelled", stage="cancelled", cancelled_why="The trainer is ill")
    with pytest.raises(UserError, match="not held"):
        certificate(services, cancelled, "p00")
    draft = services.records.amendment(record)
    services.records.finish(replace(draft, fields={**draft.fields, "place": "Elsewhere"}, why="Moved"))
    assert "Elsewhere" in " ".join(texts(certificate(services, record, "p00")))
    services.records.withdraw(record, "Written twice")
    with pytest.raises(UserError, match="withdrawn"):
        certificate(services, record, "p00")
    with pytest.raises(UserError, match="withdrawn"):
        sign_in_sheet(services, record)


def test_somebody_is_found_by_name_where_only_one_has_it(services: Services, clock: SetClock) -> None:
    record = trained(services, clock)
    assert row_of(services, record, " jo preece") == "p00"
    with pytest.raises(UserError):
        row_of(services, record, "Nobody of that name")
    with pytest.raises(UserError):
        row_of(services, record, "")


def test_a_sign_in_sheet_has_everybody_who_is_invited_and_lines_for_others(services: Services, clock: SetClock) -> None:
    page = sign_in_sheet(services, trained(services, clock))
    [table] = [block for block in page.blocks if isinstance(block, Table)]
    assert len(table.rows) == 18
    assert table.blank > 0
    assert table.rows[0] == ("Jo Preece", "Foster carer", "HIPSS carers", "", "", "")
    assert "came" not in {cell for row in table.rows for cell in row}


def test_nothing_is_printed_while_two_versions_wait_for_a_decision(
    mine: Services, theirs: Services, clock: SetClock
) -> None:
    record = trained(mine, clock)
    sign_in_as(theirs.store, role="lead")
    exchange(mine, theirs)
    mine.training.attendance.mark(record, "p05", came=True)
    theirs.training.attendance.mark(record, "p05", came=False)
    exchange(mine, theirs)
    with pytest.raises(UserError, match="has two versions"):
        certificate(mine, record, "p00")
    with pytest.raises(UserError, match="has two versions"):
        sign_in_sheet(mine, record)


def test_a_series_on_paper_says_how_far_it_is(services: Services, clock: SetClock) -> None:
    trained(services, clock)
    page = page_of(services, services.store.records_of("series", limit=1)[0].record)
    at = page.blocks.index(Heading("How far it is"))
    assert page.blocks[at + 1] == Paragraph("16+, every six weeks, until March 2018, 4 of 8 held")


def test_a_certificate_is_made_once_the_session_has_ended(services: Services, clock: SetClock) -> None:
    sign_in_as(services.store, role="lead")
    clock.now = datetime(2017, 3, 15, 10, 0, tzinfo=UTC)
    row = {"id": "p1", "name": "F. Doyle", "role": "Social worker", "was": "came"}
    record = session(services, people=[row])
    with pytest.raises(UserError, match="not ended yet"):
        certificate(services, record, "p1")
    assert sign_in_sheet(services, record).blocks
    clock.now = datetime(2017, 3, 15, 12, 0, tzinfo=UTC)
    assert "2.5 hours" in " ".join(texts(certificate(services, record, "p1")))


def test_there_is_no_certificate_while_a_part_of_the_session_is_not_here(
    services: Services, clock: SetClock, tmp_path: Path
) -> None:
    record = trained(services, clock)
    other = joined(tmp_path / "theirs", clock, services, name="S. Lloyd", laptop="HIPSS-LT-01", role="manager")
    amend(services, record, {"place": "Elsewhere"})
    amended = services.store.get(record)
    assert amended is not None
    give_without_text(services, other, amended.heads[0])
    with pytest.raises(UserError, match="not on this laptop yet"):
        certificate(other, record, "p00")
    close([other])
