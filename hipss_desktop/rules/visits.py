"""What is due for a carer household on a day: visits here, reviews and checks in ``carer_checks``.

Sources: national minimum standards 10.5 and 21.8, each household's own frequency; decisions in domain notes h, 11 to 18.
Pure functions of records, the table of rules and a day. Must not read a clock or a store.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from hipss_desktop import times
from hipss_desktop.kinds.carer import member_name
from hipss_desktop.kinds.value import (
    AS_A_SUPERVISION,
    AS_UNANNOUNCED,
    CHILDREN_OUT,
    COUNT_AS_VISITS,
    UNANNOUNCED_VISITS,
    in_force,
    in_force_since,
    number_in,
)
from hipss_desktop.kinds.visit import PLANNED, TELEPHONE, UNANNOUNCED, VIRTUAL
from hipss_desktop.records.folding import folded
from hipss_desktop.rules.carer_checks import checks_due, of_whom
from hipss_desktop.rules.due import (
    HOME_LOOK,
    SUPERVISION,
    UNANNOUNCED_VISIT,
    AsOf,
    Counted,
    Due,
    History,
    VisitMade,
    noted,
    worked_out,
)
from hipss_desktop.rules.due_rules import Rule, Settings
from hipss_desktop.rules.training import training_due

WhyNot = Callable[[VisitMade, AsOf], str]
APPROVED = "Never visited. Approved"
MOST_NOTES = 2
"""The most visits that are listed as not counting, newest first."""


def due_dates(history: History, settings: Settings, day: date) -> list[Due]:
    """Everything that is due for a household on a day, in the order of ``due_what``; else a row for each that nothing is due."""
    as_of = AsOf.on(history, settings, day)
    if as_of.stands.stands != "approved":
        return list(_nothing(as_of))
    return [*_visits_due(as_of), *checks_due(as_of), *training_due(as_of)]


def _nothing(as_of: AsOf) -> Iterator[Due]:
    """A row for everything that may be due, saying that nothing is due."""
    for due_type, member in of_whom(as_of):
        yield Due(
            household=as_of.record,
            due_type=due_type,
            state="nothing_due",
            person=member.id if member else "",
            name=member_name(member) if member else "",
            arithmetic=as_of.stands.reason,
        )


def _visits_due(as_of: AsOf) -> Iterator[Due]:
    since = as_of.approved_on or date.min
    visits = [visit for visit in as_of.visits if visit.day >= since]
    rule = as_of.settings.rule_of_household(SUPERVISION, as_of.day, as_of.household.frequencies)
    if rule is not None:
        counted = [visit for visit in visits if not why_not_supervision(visit, as_of)]
        due = worked_out(as_of, rule, SUPERVISION, _how_often(rule), _newest_of(counted, as_of))
        yield noted(due, _not_counted(visits, counted, as_of, why_not_supervision))
    rule = as_of.settings.rule(UNANNOUNCED_VISIT, as_of.day)
    counted = [visit for visit in visits if not why_not_unannounced(visit, as_of)]
    if rule is not None:
        unannounced = [visit for visit in visits if visit.type == UNANNOUNCED]
        yield noted(_unannounced(as_of, rule, counted), _not_counted(unannounced, counted, as_of, why_not_unannounced))
    rule = as_of.settings.rule(HOME_LOOK, as_of.day)
    if rule is not None:
        seen = [visit for visit in counted if visit.rooms_seen]
        words = f"Rooms seen without appointment every {rule.interval.words}, {_origin(rule, 'standard 10.5')}"
        yield worked_out(as_of, rule, HOME_LOOK, words, _newest_of(seen, as_of))


def _newest_of(visits: Iterable[VisitMade], as_of: AsOf) -> Counted:
    newest = next(iter(visits), None)
    return Counted(newest.day if newest else None, newest.record if newest else "", as_of.approved_on, APPROVED)


def _how_often(rule: Rule) -> str:
    if rule.own:
        return f"Every {rule.interval.words}, set for this household"
    return f"Every {rule.interval.words}, {_origin(rule, 'the usual interval, none is set for this household')}"


def _origin(rule: Rule, otherwise: str) -> str:
    return "this council’s rule" if rule.set_here else otherwise


def _unannounced(as_of: AsOf, rule: Rule, counted: list[VisitMade]) -> Due:
    """The due day of unannounced visits: twelve months after the n-th newest one, where n visits are required a year."""
    typed, since = in_force_since(as_of.settings.values, UNANNOUNCED_VISITS, as_of.day)
    number = number_in(typed)
    often, from_day = (number, since) if number is not None else (1, None)
    words = f"At least {often} in {rule.interval.words}, "
    words += "standard 21.8" if number is None else "this council’s rule; standard 21.8 asks for 1"
    enough = len(counted) >= often
    base = counted[often - 1].day if enough and often > 1 else None
    newest = counted[0] if counted else None
    first = APPROVED if not counted else f"{len(counted)} of {often} so far. Approved"
    facts = Counted(
        newest.day if newest else None,
        newest.record if newest else "",
        as_of.approved_on,
        first,
        base=base,
        enough=enough,
    )
    return worked_out(as_of, rule.changed(from_day), UNANNOUNCED_VISIT, words, facts)


def why_not_supervision(visit: VisitMade, as_of: AsOf) -> str:
    """The reason why a visit does not count for the household's frequency, '' if it counts."""
    if visit.nobody_in:
        return "nobody was in"
    if visit.type == UNANNOUNCED and visit.children_out:
        counts = _children_out(as_of) in (folded(AS_A_SUPERVISION), folded(AS_UNANNOUNCED))
        return "" if counts else "the children were out"
    if visit.type in (PLANNED, UNANNOUNCED):
        return ""
    listed = folded(in_force(as_of.settings.values, COUNT_AS_VISITS, as_of.day)).split()
    if visit.type in (VIRTUAL, TELEPHONE):
        by = "by telephone" if visit.type == TELEPHONE else "by video"
        return "" if visit.type in listed else f"it was {by}"
    return "the kind of visit is not recorded"


def why_not_unannounced(visit: VisitMade, as_of: AsOf) -> str:
    """The reason why a visit does not count as unannounced, '' if it counts."""
    if visit.type != UNANNOUNCED:
        return "it was not unannounced"
    if visit.nobody_in:
        return "nobody was in"
    out = visit.children_out and _children_out(as_of) != folded(AS_UNANNOUNCED)
    return "the children were out" if out else ""


def _children_out(as_of: AsOf) -> str:
    """What the council counts an unannounced visit as if the children were out; '' (nothing) if it set no value."""
    return folded(in_force(as_of.settings.values, CHILDREN_OUT, as_of.day))


def _not_counted(visits: list[VisitMade], counted: list[VisitMade], as_of: AsOf, why_not: WhyNot) -> list[str]:
    """Notes on the newest visits since the last one that counted: why each does not count."""
    last = counted[0].day if counted else date.min
    since = [(visit, why_not(visit, as_of)) for visit in visits if visit.day >= last]
    return [f"{times.long_day(visit.day)}: {why}, so it does not count." for visit, why in since if why][:MOST_NOTES]
