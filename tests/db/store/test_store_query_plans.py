"""What a list asks the store for is found through an index that has all of the question, however many records there are."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from db.store import LaptopStore
from hipss_desktop.kinds.contact import CallAboutMissing

Asks = Callable[[LaptopStore], object]


@contextmanager
def run_statements(store: LaptopStore) -> Iterator[list[str]]:
    """The statements that are run meanwhile, with the values they are run with."""
    statements: list[str] = []
    traced: list[Any] = []

    def trace(driver: Any, *_: Any) -> None:
        driver.set_trace_callback(statements.append)
        traced.append(driver)

    event.listen(store.storage.engine, "checkout", trace)
    try:
        yield statements
    finally:
        event.remove(store.storage.engine, "checkout", trace)
        for driver in traced:
            driver.set_trace_callback(None)


def plans(store: LaptopStore, ask: Asks) -> list[str]:
    """How SQLite looks up what a question asks of the current records and of what names whom."""
    with run_statements(store) as statements:
        ask(store)
    with store.storage.reading() as connection:
        return [
            str(row[3])
            for statement in statements
            if " FROM current " in statement or " FROM link " in statement
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")
        ]


KIND = "SEARCH current USING INDEX current_kind (kind=? AND id>? AND id<?)"
DUE = "SEARCH current USING INDEX current_due (kind=? AND due>? AND due<?)"
STAGE = "SEARCH current USING INDEX current_stage (kind=? AND stage=? AND id>? AND id<?)"


@pytest.mark.parametrize(
    ("ask", "plan"),
    [
        (lambda store: store.records_of("action", limit=60), KIND),
        (lambda store: store.records_of("action", before=7, since=5, limit=60), KIND),
        (lambda store: store.records_of("action", stage="done", limit=60), STAGE),
        (lambda store: store.records_of("action", stage="done", before=7, since=5), STAGE),
        (lambda store: store.count("action"), "SEARCH current USING COVERING INDEX current_kind (kind=?)"),
        (
            lambda store: store.count("action", stage="done"),
            "SEARCH current USING COVERING INDEX current_stage (kind=? AND stage=?)",
        ),
        (lambda store: store.records_due("action", limit=60), DUE),
        (lambda store: store.records_due("action", named=("owned_by", ["d. marsh"]), limit=60), DUE),
        (
            lambda store: store.records_due("action", named=("owned_by", ["d. marsh"]), limit=60),
            "SEARCH link EXISTS USING COVERING INDEX link_id (id=? AND person=? AND role=?)",
        ),
        (
            lambda store: store.records_due("action", others=True, after=7, limit=60),
            "SEARCH current USING INDEX current_kind (kind=? AND id<?)",
        ),
        (
            lambda store: store.said_about("kai", "missing", of=CallAboutMissing),
            "SEARCH link USING PRIMARY KEY (person=? AND role=?)",
        ),
        (lambda store: store.search("C-01409HB"), "SEARCH current USING INDEX current_reference (reference=?)"),
    ],
)
def test_a_list_is_read_through_the_index_of_all_that_it_asks(store: LaptopStore, ask: Asks, plan: str) -> None:
    assert plan in plans(store, ask)
