"""A visit on paper: what was said stands below its paragraph, and each signature says for which version it is."""

import pytest

from hipss_desktop.documents.carer_copy import carer_copy
from hipss_desktop.documents.pages import page_of
from hipss_desktop.documents.strokes import svg
from hipss_desktop.documents.tree import Paragraph, Picture, texts
from hipss_desktop.kinds.signature import SIGNATURE
from hipss_desktop.records.strokes import read
from hipss_desktop.views.services import Services
from tests.helpers.read_back_visit import (
    DRAWN,
    NIGHTS,
    amend_paragraph,
    as_worker,
    read_and_signed,
)
from tests.helpers.store_fixtures import SetClock


@pytest.fixture
def signed(services: Services, clock: SetClock) -> tuple[Services, str]:
    worker = as_worker(services, clock)
    return worker, read_and_signed(worker)


def test_a_disagreement_is_below_its_paragraph(signed: tuple[Services, str]) -> None:
    blocks = page_of(*signed).blocks
    at = next(place for place, block in enumerate(blocks) if isinstance(block, Paragraph) and NIGHTS in block.words)
    below = blocks[at + 1]
    assert isinstance(below, Paragraph)
    assert below.notice
    assert below.words.startswith("Jo Preece does not agree, 16 March 2017, 11:30: ‘He is not kept out.’")


def test_a_drawn_signature_is_a_picture_with_words_that_describe_it(signed: tuple[Services, str]) -> None:
    services, visit = signed
    (drawn,) = [block for block in page_of(services, visit).blocks if isinstance(block, Picture)]
    assert drawn.alternative == "The signature of Jo Preece. Drawn by hand in 2 strokes, within 1 second."
    assert drawn.content == svg(read(DRAWN) or ())
    page_text = " ".join(texts(page_of(services, visit)))
    assert "Does not want to sign: He wants to think." in page_text
    record = next(
        record for record in services.store.records_of(SIGNATURE.name) if record.fields["how"] == "drawn"
    ).record
    assert [type(block) for block in page_of(services, record).blocks if isinstance(block, Picture)] == [Picture]


def test_what_an_amendment_outdates_says_so_and_stays_readable(signed: tuple[Services, str], clock: SetClock) -> None:
    services, visit = signed
    clock.pass_time(minutes=20)
    amend_paragraph(services, visit, "p2", "You rang us 9 times last week.")
    page_text = " ".join(texts(page_of(services, visit)))
    assert (
        "For the version of 16 March 2017, 11:30, D. Marsh. Outdated by the amendment of 16 March 2017, 11:50"
        in page_text
    )
    assert f"Said to other words: ‘{NIGHTS}’" in page_text
    assert "Signed by hand" not in " ".join(texts(carer_copy(services, visit)))
