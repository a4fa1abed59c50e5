"""UnfinishedHere work: what a laptop says of its drafts to the council, and what it was told of those on other laptops.

Drafts never travel. What is said of each is its kind, whom it is about, when it was begun and when it was last touched; of a
restricted kind nothing is said. Must not say a word of what was typed.
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
    """What lies unfinished in a store, the newest first; answers to questions are left out: they belong to their record."""
    drafts = [work for draft in store.drafts() if (work := _work(draft)) is not None]
    return UnfinishedHere(drafts[:MOST_UNFINISHED])


def _work(draft: Draft) -> UnfinishedWork | None:
    kind = KINDS.get(draft.kind)
    if kind is None or kind.restricted or draft.question:
        return None
    return UnfinishedWork(draft.kind, draft.began, draft.saved or draft.began, people_of(kind, draft)[:MOST_UNFINISHED])


def people_of(kind: Kind, draft: Draft) -> list[str]:
    """Whom a draft is about, each once: those whom its fields name, in rows too, and nobody who is only mentioned."""
    found = kind.references(draft.fields)
    return list(dict.fromkeys(reference.record for reference in found if _is_subject(reference.field)))


def _is_subject(field: Field) -> bool:
    return field.options.subject


def work_elsewhere(store: Store) -> list[UnfinishedReport]:
    """What the council said last of the drafts on other laptops; nothing before the first exchange.

    What another program reported without times that can be read is left out; so is what another version of this one kept
    in a way that cannot be read here, until the next exchange says it again.
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


def told(answer: UnfinishedAnswer) -> str:
    """What the council said, as the setting holds it."""
    return msgspec.json.encode(answer).decode()
