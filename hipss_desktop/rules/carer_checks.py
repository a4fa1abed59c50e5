"""The due days of annual reviews, and of the checks of a household and each of its members.

Sources: regulation 28 of the Fostering Services (England) Regulations 2011, national minimum standards 10 and 20.3, local policy;
decisions in domain notes h, 14 to 18. Training standards are each carer's own. Must not read a clock or a store.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from hipss_desktop import times
from hipss_desktop.kinds.carer import (
    FAMILY_AND_FRIENDS,
    FOSTER,
    OF_FAMILY_AND_FRIENDS,
    Carer,
    Member,
    member_name,
)
from hipss_desktop.kinds.carer_check import STANDARDS
from hipss_desktop.rules.due import (
    BEDROOM,
    DBS,
    HOME_LOOK,
    HOME_SAFETY,
    NO_START,
    PANEL,
    REVIEW,
    SUPERVISION,
    TRAINING_DUE,
    TSDS,
    UNANNOUNCED_VISIT,
    AsOf,
    CheckMade,
    Counted,
    Due,
    finished,
    worked_out,
)
from hipss_desktop.rules.due_rules import Rule

APPROVED_CARERS = ("carer", "second_carer", "")
"""The relations of members who are approved and work through the training standards; others need their own approval day."""
CHECKED = (*APPROVED_CARERS, "support_carer", "adult")
"""The relations of members who have DBS checks; own children have them too from their 18th birthday."""
OWN_CHILD, GROWN_UP = "own_child", 18 * 12
"""18 years, in months."""
NEVER = "Never recorded. Approved"


def of_whom(as_of: AsOf) -> Iterator[tuple[str, Member | None]]:
    """Everything that may be due for a household and each of its members, in the order in which it is shown."""
    yield from ((due_type, None) for due_type in (SUPERVISION, UNANNOUNCED_VISIT, HOME_LOOK, REVIEW))
    yield from ((DBS, member) for member in _checked(as_of))
    yield from ((TSDS, member) for member in trained(as_of.household))
    yield from ((due_type, None) for due_type in (HOME_SAFETY, BEDROOM, TRAINING_DUE))


def trained(household: Carer) -> list[Member]:
    """The members who are approved as carers themselves, and are trained as such."""
    return [
        member
        for member in household.members
        if member.relation in APPROVED_CARERS or member.approved_on is not None or member.approved_as
    ]


def _checked(as_of: AsOf) -> list[Member]:
    return [member for member in as_of.household.members if member.relation in CHECKED or _grown_up(member, as_of.day)]


def _grown_up(member: Member, day: date) -> bool:
    return member.relation == OWN_CHILD and member.born is not None and _eighteen(member.born) <= day


def _eighteen(born: date) -> date:
    return times.months_later(born, GROWN_UP)


def checks_due(as_of: AsOf) -> Iterator[Due]:
    """The reviews and checks that are due for an approved household."""
    yield from _reviews(as_of)
    for member in _checked(as_of):
        yield from _of_dbs(as_of, member)
    for member in trained(as_of.household):
        yield from _of_standards(as_of, member)
    for due_type, words in ((HOME_SAFETY, "Home safety"), (BEDROOM, "Bedrooms")):
        rule = as_of.settings.rule(due_type, as_of.day)
        if rule is not None:
            checks = [check for check in as_of.checks if check.type == due_type and check.day > as_of.over_by]
            says = f"{words} every {rule.interval.words}, {_policy(rule)}"
            yield worked_out(as_of, rule, due_type, says, _newest(checks, as_of.approved_on, NEVER))


def _policy(rule: Rule) -> str:
    return "this council’s rule" if rule.set_here else "local policy"


def _newest(checks: list[CheckMade], start: date | None, never: str) -> Counted:
    newest = checks[0] if checks else None
    sooner = newest.next_on if newest else None
    return Counted(newest.day if newest else None, newest.record if newest else "", start, never, sooner=sooner)


def _reviews(as_of: AsOf) -> Iterator[Due]:
    """The next annual review; also the first review at panel, until a review was at panel."""
    start = as_of.approved_on
    reviews = [check for check in as_of.checks if check.type == REVIEW and check.day >= (start or date.min)]
    rule = as_of.settings.rule(REVIEW, as_of.day)
    if rule is not None:
        first = not reviews
        words = f"First within {rule.interval.words} of approval, to panel, regulation 28"
        words = words if first else f"At most {rule.interval.words} after the last one, regulation 28"
        counted = _newest(reviews, start, "First review. Approved")
        typed = as_of.household.review_due
        if typed is not None and typed > (counted.last or date.min):
            sooner = typed if counted.sooner is None else min(typed, counted.sooner)
            counted = replace(counted, sooner=sooner)
        yield worked_out(as_of, rule, REVIEW, words, counted)
    rule = as_of.settings.rule(PANEL, as_of.day)
    if rule is not None and reviews and not any(review.at_panel for review in reviews):
        words = f"The first review goes to panel within {rule.interval.words} of approval, regulation 28"
        counted = Counted(None, "", start, "No review was at panel. Approved")
        yield worked_out(as_of, rule, PANEL, words, counted)


def _of_dbs(as_of: AsOf, member: Member) -> Iterator[Due]:
    """The next DBS check of a member; if none was ever recorded, it is due on the day of approval."""
    rule = as_of.settings.rule(DBS, as_of.day)
    if rule is None:
        return
    checks = [check for check in as_of.checks if check.type == DBS and check.is_of(member)]
    if member.checked is not None and member.checked <= as_of.day:
        checks.append(CheckMade("", member.checked, DBS))
    checks = [check for check in checks if check.day > as_of.over_by]
    checks.sort(key=lambda check: (check.day, check.record), reverse=True)
    words = f"DBS check every {rule.interval.words}, {_policy(rule)}"
    if checks:
        yield worked_out(as_of, rule, DBS, words, _newest(checks, None, ""), member=member)
        return
    start, arithmetic = as_of.approved_on, NO_START
    if member.relation == OWN_CHILD and member.born is not None:
        start = max(start or date.min, _eighteen(member.born))
        arithmetic = f"Never recorded. Due from the age of 18, {times.long_day(start)}."
    elif start is not None:
        arithmetic = f"Never recorded. Due on the day of approval, {times.long_day(start)}."
    yield finished(as_of, rule, DBS, words, Counted(None, "", start, ""), start, arithmetic, member=member)


def _of_standards(as_of: AsOf, member: Member) -> Iterator[Due]:
    """A carer's training standards: due within 12 months of that carer's approval, 18 for family and friends."""
    kind, doubt = approved_as(as_of.household, member)
    rule = as_of.settings.rule(TSDS, as_of.day, approved_as=kind)
    if rule is None:
        return
    start, restarted = approved_from(as_of, member)
    if start is not None and start > as_of.day:
        words = f"Approved from {times.long_day(start)}: nothing is due before it."
        yield Due(as_of.record, TSDS, "nothing_due", member.id, member_name(member), arithmetic=words)
        return
    checks = [
        check for check in as_of.checks if check.type == TSDS and check.is_of(member) and check.day > as_of.over_by
    ]
    words = f"Within {rule.interval.words} of {'their own ' if not restarted else ''}approval"
    words += " for family and friends" if kind == FAMILY_AND_FRIENDS else ""
    words += ", standard 20.3"
    newest = checks[0] if checks else None
    met = [check for check in checks if (check.standards or 0) >= STANDARDS]
    arithmetic = NO_START
    due = None
    if start is not None:
        due = rule.interval.after(start)
        arithmetic = f"Approved {times.long_day(start)} and {rule.interval.words}: {times.long_day(due)}."
    counted = Counted(newest.day if newest else None, newest.record if newest else "", start, "")
    row = finished(as_of, rule, TSDS, words, counted, due, arithmetic, member=member)
    if met:
        first = met[-1]
        done = f"All {STANDARDS} met on {times.long_day(first.day)}."
        yield replace(row, state="done", due=None, last=first.day, record=first.record, arithmetic=done)
        return
    progress = f"{newest.standards} of {STANDARDS}" if newest and newest.standards is not None else ""
    yield replace(row, progress=progress, notes=(doubt, *row.notes) if doubt else row.notes)


def approved_from(as_of: AsOf, member: Member) -> tuple[date | None, bool]:
    """The day from which a member is approved, and whether that day is the household's because no own approval is in force."""
    own = member.approved_on
    restarted = own is None or (as_of.over_by != date.min and own <= as_of.over_by)
    return (as_of.approved_on if restarted else own), restarted


def approved_as(household: Carer, member: Member) -> tuple[str, str]:
    """A member's kind of approval, a code of ``approved_as``, and what is in doubt about it.

    If it is not recorded for the member, it follows from the household's kinds of care. A member of a household with both
    kinds counts as a foster carer, whose time is shorter.
    """
    if member.approved_as in (FOSTER, FAMILY_AND_FRIENDS):
        return member.approved_as, ""
    family = OF_FAMILY_AND_FRIENDS.intersection(household.categories)
    if not family:
        return FOSTER, ""
    if family.issuperset(household.categories):
        return FAMILY_AND_FRIENDS, ""
    return FOSTER, "Whether this carer is approved as family and friends is not recorded, so the shorter time counts."
