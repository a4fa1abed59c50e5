"""What the sync centre says, and deciding between versions that two or three real stores wrote of one record."""

from datetime import UTC, datetime, timedelta

import pytest

from db.store import LaptopStore
from hipss_desktop.errors import UserError
from hipss_desktop.records.fold import ABSENT
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.services.sync_status import Status
from hipss_desktop.views.services import Services
from hipss_desktop.views.sync_centre import ConflictView, connection_words, next_try_words, pill
from tests.helpers.several_laptops import amend, child_named, exchange
from tests.helpers.store_fixtures import SetClock

NIGHT = datetime(2017, 3, 14, 2, 14, tzinfo=UTC)


@pytest.fixture
def contact(mine: Services) -> str:
    """The newest contact, about Josh."""
    return mine.store.records_of("contact", limit=1)[0].record


def _conflict(services: Services) -> ConflictView:
    (conflict,) = services.sync_centre.centre(Status()).conflicts
    return conflict


def _both_amend_advice(mine: Services, theirs: Services, contact: str) -> tuple[str, str]:
    before = str(mine.store.get(contact).fields["advice"])  # type: ignore[union-attr]  # it is there
    my_text, their_text = f"{before} Toast works at night.", f"{before} Text his brother first."
    amend(mine, contact, {"advice": my_text})
    amend(theirs, contact, {"advice": their_text, "consent": "Delegated"})
    exchange(mine, theirs)
    return my_text, their_text


def test_two_who_amend_the_same_part_see_both_versions_with_who_when_and_where(
    mine: Services, theirs: Services, contact: str, clock: SetClock
) -> None:
    clock.now = datetime(2017, 3, 14, 2, 40, tzinfo=UTC)
    my_text, their_text = _both_amend_advice(mine, theirs, contact)
    conflict = _conflict(mine)
    (part,) = conflict.parts
    assert (part.unit, part.label) == ("advice", "What did you advise?")
    assert [(side.words, side.author, side.mine) for side in part.sides] == [
        (my_text, "A. Bevan, 02:40, HIPSS-LT-04", True),
        (their_text, "K. Adeyemi, 02:40, HIPSS-LT-02", False),
    ]
    assert conflict.others == ("K. Adeyemi",)
    assert conflict.laptops == 2
    assert conflict.already_in == ("Consent or delegated authority used",)
    (seen,) = _conflict(theirs).parts
    assert [side.words for side in seen.sides] == [their_text, my_text]


def test_additions_to_a_text_are_kept_together_without_saying_twice_what_was_there(
    mine: Services, theirs: Services, contact: str
) -> None:
    my_text, _ = _both_amend_advice(mine, theirs, contact)
    (part,) = _conflict(mine).parts
    assert part.additive
    joined_text = mine.sync_centre.joined(part)["advice"]
    assert joined_text == f"{my_text} Text his brother first."
    assert part.before
    assert joined_text.count(part.before) == 1
    assert part.rewrite == ("advice",)


def test_a_text_that_was_replaced_offers_no_joining(mine: Services, theirs: Services, contact: str) -> None:
    amend(mine, contact, {"advice": "Something else altogether."})
    amend(theirs, contact, {"advice": "Ring school at nine."})
    exchange(mine, theirs)
    assert not _conflict(mine).parts[0].additive


def test_a_short_text_is_chosen_or_written_again_but_never_joined(
    mine: Services, theirs: Services, contact: str
) -> None:
    amend(mine, contact, {"consent": "Delegated"})
    amend(theirs, contact, {"consent": "Asked mum"})
    exchange(mine, theirs)
    (part,) = _conflict(mine).parts
    assert (part.additive, part.rewrite, part.before) == (False, ("consent",), "")


def test_lines_added_on_three_laptops_are_all_kept(mine: Services, theirs: Services, third: Services) -> None:
    kai = child_named(mine, "Kai")
    held = list(mine.people.record(kai).fields["helps"])  # type: ignore[union-attr]  # it is there
    for services, line in ((mine, "Toast works at night"), (theirs, "Text his brother first"), (third, "Radio on")):
        amend(services, kai, {"helps": [*held, line]})
    exchange(mine, theirs, third)
    conflict = _conflict(mine)
    (part,) = conflict.parts
    assert len(part.sides) == conflict.laptops == 3
    assert part.sides[0].mine
    chosen = mine.sync_centre.joined(part)
    assert chosen["helps"][: len(held)] == held
    assert sorted(chosen["helps"][len(held) :]) == ["Radio on", "Text his brother first", "Toast works at night"]
    mine.records.decide(kai, chosen, "All are right")
    exchange(mine, theirs, third)
    for services in (mine, theirs, third):
        assert services.store.undecided() == []
        assert services.store.get(kai).fields["helps"] == chosen["helps"]  # type: ignore[union-attr]  # it is there


def test_a_line_that_one_laptop_took_out_is_never_joined_back(mine: Services, theirs: Services) -> None:
    kai = child_named(mine, "Kai")
    held = list(mine.people.record(kai).fields["helps"])  # type: ignore[union-attr]  # it is there
    amend(mine, kai, {"helps": held[1:]})
    amend(theirs, kai, {"helps": [*held, "Text his brother first"]})
    exchange(mine, theirs)
    assert not _conflict(mine).parts[0].additive


def test_fields_that_mean_something_only_together_are_one_part(mine: Services, theirs: Services, contact: str) -> None:
    amend(mine, contact, {"risk": "high", "risk_why": "Cut hand"})
    amend(theirs, contact, {"risk": "medium", "risk_why": "Calm again"})
    exchange(mine, theirs)
    (part,) = _conflict(mine).parts
    assert part.units == ("risk", "risk_why")
    assert part.sides[0].values == {"risk": "high", "risk_why": "Cut hand"}
    assert "Cut hand" in part.sides[0].words
    mine.records.decide(contact, part.sides[1].values, "K. Adeyemi spoke to them last")
    fields = mine.store.get(contact).fields  # type: ignore[union-attr]  # it is there
    assert (fields["risk"], fields["risk_why"]) == ("medium", "Calm again")


def test_a_row_of_a_list_changed_by_one_and_taken_out_by_another_waits_alone(mine: Services, theirs: Services) -> None:
    kai = child_named(mine, "Kai")
    rows = [dict(row) for row in mine.people.record(kai).fields["who_to_call"]]  # type: ignore[union-attr]  # it is there
    amend(mine, kai, {"who_to_call": rows[1:]})
    amend(theirs, kai, {"who_to_call": [{**rows[0], "number": "01632 960270"}, *rows[1:]]})
    exchange(mine, theirs)
    (part,) = _conflict(mine).parts
    assert part.unit == f"who_to_call/{rows[0]['id']}"
    assert part.sides[0].words == "Taken out"
    assert part.sides[0].values[part.unit] == ABSENT
    assert (part.rewrite, part.additive) == ((), False)
    mine.records.decide(kai, part.sides[0].values, "She has moved")
    held = mine.store.get(kai).fields["who_to_call"]  # type: ignore[union-attr]  # it is there
    assert rows[0]["id"] not in [row["id"] for row in held]


def test_what_both_had_before_is_what_stood_there_before_either_began(
    mine: Services, theirs: Services, contact: str
) -> None:
    before = mine.store.get(contact).fields["advice"]  # type: ignore[union-attr]  # it is there
    amend(mine, contact, {"advice": f"{before} First."})
    amend(mine, contact, {"advice": f"{before} First. Second."})
    amend(theirs, contact, {"advice": f"{before} Other."})
    exchange(mine, theirs)
    assert _conflict(mine).parts[0].before == before


@pytest.mark.parametrize("keep", [True, False])
def test_withdrawn_by_one_and_amended_by_another_waits_until_somebody_keeps_it_or_not(
    mine: Services, theirs: Services, contact: str, keep: bool
) -> None:
    mine.records.withdraw(contact, "Entered twice")
    amend(theirs, contact, {"advice": "Ring the police."})
    exchange(mine, theirs)
    conflict = _conflict(mine)
    assert (conflict.withdrawn_against, conflict.parts) == (True, ())
    assert (conflict.withdrawn_by.partition(",")[0], conflict.withdrawn_why) == ("A. Bevan", "Entered twice")
    assert conflict.amended_by.startswith("K. Adeyemi")
    with pytest.raises(UserError, match="keep"):
        mine.records.decide(contact, {}, "A reason")
    revision = theirs.records.decide(contact, {}, "It is the only record of the call", keep=keep)
    assert len(revision.envelope.parents) == 2
    assert revision.content().changed == []  # type: ignore[union-attr]  # it is not erased
    exchange(mine, theirs)
    for services in (mine, theirs):
        held = services.store.get(contact)
        assert held is not None
        assert (held.withdrawn, held.disputed) == (not keep, False)
        assert held.fields["advice"] == "Ring the police."
        assert services.store.undecided() == []
    assert "Entered twice" in [version.why for version in mine.record_views.history(contact)]


def test_withdrawn_and_amended_twice_settles_the_parts_as_well(
    mine: Services, theirs: Services, third: Services, contact: str
) -> None:
    mine.records.withdraw(contact, "Entered twice")
    amend(theirs, contact, {"advice": "Ring the police."})
    amend(third, contact, {"advice": "Ring his mother."})
    exchange(mine, theirs, third)
    (part,) = _conflict(mine).parts
    mine.records.decide(contact, part.sides[0].values, "Twice indeed", keep=False)
    held = mine.store.get(contact)
    assert held is not None
    assert (held.withdrawn, held.needs_decision) == (True, False)


def test_both_texts_stay_in_the_history_whatever_was_chosen(mine: Services, theirs: Services, contact: str) -> None:
    my_text, their_text = _both_amend_advice(mine, theirs, contact)
    mine.records.decide(contact, {"advice": "Both, in short.", "no_advice": None}, "Shorter")
    advice_texts = [
        difference.now for version in mine.record_views.history(contact) for difference in version.differences
    ]
    assert my_text in advice_texts
    assert their_text in advice_texts
    assert "Both, in short." in advice_texts


def test_two_who_decide_alike_while_apart_do_not_make_a_new_conflict(
    mine: Services, theirs: Services, contact: str
) -> None:
    my_text, _ = _both_amend_advice(mine, theirs, contact)
    for services in (mine, theirs):
        services.records.decide(contact, {"advice": my_text, "no_advice": None}, "It was tried")
    exchange(mine, theirs)
    assert mine.store.undecided() == theirs.store.undecided() == []


def test_deciding_what_was_decided_already_changes_nothing(mine: Services, theirs: Services, contact: str) -> None:
    my_text, _ = _both_amend_advice(mine, theirs, contact)
    mine.records.decide(contact, {"advice": my_text}, "Mine is right")
    with pytest.raises(UserError, match="already"):
        mine.records.decide(contact, {"advice": my_text}, "Again")
    with pytest.raises(UserError, match="every part"):
        theirs.records.decide(contact, {}, "A reason")
    with pytest.raises(UserError, match="why"):
        theirs.records.decide(contact, {"advice": my_text}, "  ")


def test_a_part_written_again_is_checked_like_any_field(mine: Services, theirs: Services) -> None:
    kai = child_named(mine, "Kai")
    amend(mine, kai, {"school_phone": "01632 960270"})
    amend(theirs, kai, {"school_phone": "01632 960279"})
    exchange(mine, theirs)
    conflict = _conflict(mine)
    assert "telephone number" in mine.sync_centre.problem(conflict, {"school_phone": "x"})
    assert mine.sync_centre.problem(conflict, {"school_phone": "01632 960275"}) == ""


def test_a_role_that_may_not_write_the_kind_may_not_decide(
    mine: Services, theirs: Services, store: LaptopStore, contact: str
) -> None:
    _both_amend_advice(mine, theirs, contact)
    assert _conflict(mine).may_decide
    with store.write() as unit:
        unit.set(StoreSetting.ROLE, "commissioner")
    assert not _conflict(mine).may_decide


def test_what_waits_what_was_sent_and_what_is_held_back_are_told_apart(mine: Services, store: LaptopStore) -> None:
    total = store.have()[store.seat.seat].number
    last, one_but_last = (store.chain(store.seat.seat, after=total - back, limit=1)[0] for back in (1, 2))
    with store.write() as unit:
        unit.keep_receipt(store.seat.seat, total - 1, one_but_last.digest, "receipt", "2017-03-14T01:31:00+00:00")
        unit.council_has(store.seat.seat, total - 1, one_but_last.digest)
        unit.council_holds_back({one_but_last.digest: "Your role may not write this."})
    centre = mine.sync_centre.centre(Status(), sent=3)
    assert [waiting_row.record for waiting_row in centre.waiting] == [last.envelope.record]
    assert (centre.waiting_count, centre.sent_count) == (1, total - 1)
    assert [sent_row.time for sent_row in centre.sent] == ["01:31"] * 3
    (held,) = centre.problems
    assert held.record == one_but_last.envelope.record
    assert held.words.startswith("Your role may not write this.")


def test_trouble_says_what_happened_that_nothing_is_lost_and_when_it_is_tried_again(mine: Services) -> None:
    status = Status("offline", NIGHT, next_try=NIGHT + timedelta(minutes=5), problem="The network dropped.", tries=3)
    (trouble,) = mine.sync_centre.centre(status).problems
    assert trouble.words == "The network dropped. We tried 3 times. Nothing is lost. We will try again at 02:19."
    assert trouble.record == ""


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status(), "not enrolled with the council yet"),
        (Status("checking"), "checking the connection"),
        (Status("sending", NIGHT), "sending now"),
        (Status("online", NIGHT), "online since 02:14"),
        (
            Status("online", NIGHT, offline_from=NIGHT - timedelta(hours=10, minutes=21)),
            "back online at 02:14, offline for 10 h 21 min",
        ),
        (Status("offline", NIGHT - timedelta(hours=1)), "offline since 01:14, for 1 h 20 min"),
        (Status("offline"), "offline"),
    ],
)
def test_the_connection_is_said_in_words(status: Status, words: str) -> None:
    assert connection_words(status, NIGHT + timedelta(minutes=20)) == words


def test_the_next_try_is_never_said_to_be_in_the_past() -> None:
    status = Status("offline", NIGHT, next_try=NIGHT - timedelta(minutes=1))
    assert next_try_words(status, NIGHT) == "next try 02:14"
    assert next_try_words(Status("offline"), NIGHT) == ""


@pytest.mark.parametrize(
    ("status", "waiting", "words", "short"),
    [
        (Status("checking"), 0, "Checking · all sent 21:52", "Checking · all sent 21:52"),
        (Status("checking"), 3, "Checking · 3 waiting", "Checking · 3 waiting"),
        (Status("offline", NIGHT - timedelta(hours=1)), 3, "Offline since 01:14 · 3 waiting", "Offline · 3 waiting"),
        (Status(), 0, "Not enrolled", "Not enrolled"),
    ],
)
def test_the_pill_says_the_last_known_state_and_is_short_where_there_is_little_room(
    status: Status, waiting: int, words: str, short: str
) -> None:
    pill_text = pill(status, waiting, 0, NIGHT, NIGHT - timedelta(hours=4, minutes=22))
    assert (pill_text.words, pill_text.short) == (words, short)


def test_a_server_that_is_away_is_said_once(mine: Services) -> None:
    away = "The council cannot be reached. Nothing is lost. We will keep trying."
    status = Status("offline", NIGHT, next_try=NIGHT + timedelta(minutes=5), problem=away, tries=4)
    (trouble,) = mine.sync_centre.centre(status).problems
    assert trouble.title == "The council cannot be reached"
    assert trouble.words == "We tried 4 times. Nothing is lost. We will try again at 02:19."
    (trouble,) = mine.sync_centre.centre(Status("offline", NIGHT, problem=away, tries=1)).problems
    assert trouble.words == "Nothing is lost. We will keep trying."
