"""Unfinished work: what a laptop tells the council of its drafts, and what it was told of the drafts on other laptops.

Drafts are never sent. For each, the laptop reports the kind, whom it is about, and when it was begun and last changed; for
a restricted kind it reports nothing. Must not report any text that was typed.
"""

import msgspec
from msgspec.structs import replace

from hipss_desktop import times
from hipss_desktop.decoding import NotReadable, decoded
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.fields import Field
from hipss_desktop.records.kind import Kind
from hipss_desktop.services.ports import Draft, Store
from hipss_desktop.services.store_settings import StoreSetting
from sync.wire.messages import MOST_UNFINISHED, UnfinishedAnswer, UnfinishedHere, UnfinishedReport, UnfinishedWork

NOTHING_TOLD = '{"reports":[]}'


def work_here(store: Store) -> UnfinishedHere:
    """The drafts of a store, newest first, without answers to questions: those belong to their record."""
    drafts = [work for draft in store.drafts() if (work := _work(draft)) is not None]
    return UnfinishedHere(drafts[:MOST_UNFINISHED])


def _work(draft: Draft) -> UnfinishedWork | None:
    kind = KINDS.get(draft.kind)
    if kind is None or kind.restricted or draft.question:
        return None
    return UnfinishedWork(draft.kind, draft.began, draft.saved or draft.began, people_of(kind, draft)[:MOST_UNFINISHED])


def people_of(kind: Kind, draft: Draft) -> list[str]:
    """The people whom a draft is about, each once: named by its subject fields, in rows too, not merely mentioned."""
    references = kind.references(draft.fields)
    return list(dict.fromkeys(reference.record for reference in references if _is_subject(reference.field)))


def _is_subject(field: Field) -> bool:
    return field.options.subject


def work_elsewhere(store: Store) -> list[UnfinishedReport]:
    """The council's last report of the drafts on other laptops; empty before the first exchange.

    Entries of another program without readable times are left out. A report that another version saved in an unreadable
    form is left out until the next exchange repeats it.
    """
    try:
        reports = decoded(store.setting(StoreSetting.UNFINISHED) or NOTHING_TOLD, UnfinishedAnswer).reports
    except NotReadable:
        reports = []
    return [
        replace(report, drafts=[work for work in report.drafts if _is_dated(work.began, work.touched)])
        for report in reports
        if _is_dated(report.at)
    ]


def _is_dated(*moments: str) -> bool:
    return all(times.instant_or_none(moment) is not None for moment in moments)


def stored_report(answer: UnfinishedAnswer) -> str:
    """The council's report, as the setting stores it."""
    return msgspec.json.encode(answer).decode()
