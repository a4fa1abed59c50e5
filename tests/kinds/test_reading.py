"""A body is read at once where every answer fits, and field by field otherwise: both read it alike."""

from collections.abc import Mapping
from typing import Any

import pytest

from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records import fields
from hipss_desktop.records.kind import Kind
from tests.helpers.wrong_values import good, wrong_bodies


def known(kind: str) -> str:
    return f"0199c0de-0000-7000-8000-{len(kind):012}"


def alike(kind: Kind, body: Mapping[str, Any]) -> bool:
    by_field = fields.read_struct(kind.record, kind.fields, body, None)
    return repr(kind.read(body)) == repr(by_field)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_whatever_is_in_a_body_both_ways_of_reading_give_the_same(kind: Kind) -> None:
    bodies = wrong_bodies(kind, known, known("own"), known("another"))
    assert [body.name for body in bodies if not alike(kind, body.body)] == []


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_body_that_fits_is_read_at_once(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    body = good(kind, known)
    expected = fields.read_struct(kind.record, kind.fields, body, None)
    monkeypatch.setattr(fields, "read_struct", lambda *arguments: pytest.fail("read field by field"))
    assert kind.read(body) == expected
