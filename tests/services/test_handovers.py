"""The morning handover: it builds itself, holds names and no words, is accepted item by item, and ends what is amber."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hipss_desktop import times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.action import ACTION, owned_by
from hipss_desktop.kinds.handover import HANDOVER, QUIET_ITEM, Handover
from hipss_desktop.records.fold import body_of
from hipss_desktop.records.paragraphs import one_paragraph
from hipss_desktop.rules.handover import Loudness
from hipss_desktop.services.handovers import Night
from hipss_desktop.services.records import Unfinished
from hipss_desktop.views.handovers import HandoverView, ItemView
from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import exchange
from tests.helpers.store_fixtures import SetClock
from tests.services.test_missing_guide import child

EVENING = datetime(2017, 3, 13, 17, 30, tzinfo=UTC)
MORNING = datetime(2017, 3, 14, 8, 30, tzinfo=UTC)
PUBLISHED = datetime(2017, 3, 14, 8, 12, tzinfo=UTC)
NIGHT = Night("", EVENING, MORNING)


@pytest.fixture
def clock() -> SetClock:
    """The morning after the night of 13 to 14 March 2017, 08:12."""
    return SetClock(PUBLISHED)


def published(services: Services) -> str:
    return services.handovers.publish(services.handovers.draft(NIGHT)).envelope.record


def view(services: Services, record: str) -> HandoverView:
    shown = services.handover_views.view(record)
    assert shown is not None
    return shown


def items(shown: HandoverView, part: str) -> list[ItemView]:
    return [item for _, rows in shown.parts for item in rows if item.part == part]


def the(services: Services, record: str) -> Handover:
    current = services.store.get(record)
    assert current is not None
    return HANDOVER.of(current)


def test_a_handover_builds_itself_from_the_night_in_the_order_in_which_it_is_read(services: Services) -> None:
    shown = view(services, published(services))
    assert [label for label, _ in shown.parts][:2] == ["Read first", "Do today"]
    read_first = items(shown, "read_first")
    assert {item.title for item in read_first} == {"Kai M. · 14", "Tyler B. · 15"}
    assert (
        next(item.number for item in read_first if item.title.startswith("Kai")) == "Jo & Martin Preece, 01632 960174"
    )
    contacts = items(shown, "contacts")
    assert len(contacts) == services.on_call.board().contact_count or contacts
    assert shown.items == len({item.id for _, rows in shown.parts for item in rows})
    assert (shown.accepted, shown.waiting, shown.own) == (0, shown.items, True)


def test_the_signed_body_holds_no_word_of_the_records_that_it_names(services: Services) -> None:
    words = "Zebrawood"
    follow_up = {
        "id": "f",
        "what": f"{words} is to be asked about",
        "due": "2017-03-14T10:00:00+00:00",
        "owner": f"Aunt {words}",
    }
    call = {
        "told": "2017-03-14T03:00:00+00:00",
        "caller_name": f"{words} Hill",
        "concerns": ["injury_health"],
        "happening": words,
        "children": [child(services, "HIPSS-019")],
        "advice": words,
        "risk": "high",
        "risk_why": words,
        "needs_to_know": ["edt"],
        "follow_ups": [follow_up],
    }
    contact = services.records.finish(services.records.new_draft("contact", call)).envelope.record
    revision = services.handovers.publish(services.handovers.draft(NIGHT))
    items_of_it = [
        item
        for item in the(services, revision.envelope.record).items
        if contact in (item.contact, item.id[-len(contact) :])
    ]
    assert len(items_of_it) >= 2
    body = body_of(revision, HANDOVER)
    assert body is not None
    assert words not in json.dumps(dict(body.fields), ensure_ascii=False)
    shown = view(services, revision.envelope.record)
    assert any(words in item.words for _, rows in shown.parts for item in rows)  # read from the contact itself


def test_what_is_due_by_day_of_an_earlier_incident_and_restraint_is_handed_over(services: Services) -> None:
    kai = child(services, "HIPSS-017")
    day = {"children": [kai], "happening": one_paragraph("He fell"), "abuse_suspected": "no"}

    def finished(kind: str, **fields: object) -> str:
        return services.records.finish(services.records.new_draft(kind, fields)).envelope.record

    due = finished("incident", types=["illness_accident"], aware="2017-03-13T11:00:00+00:00", **day)
    notified_rows = [
        {"id": who, "recipient": who, "at": "2017-03-13T12:00:00+00:00"} for who in ("ofsted", "responsible_authority")
    ]
    finished("incident", types=["illness_accident"], aware="2017-03-13T11:00:00+00:00", notified=notified_rows, **day)
    hold = finished(
        "restraint",
        child=kai,
        began="2017-03-12T18:40:00+00:00",
        ended="2017-03-12T18:40:00+00:00",
        held_by="Jo Preece",
        where="His room",
        led_to_it=one_paragraph("x"),
        tried_first=one_paragraph("x"),
        hold_words=one_paragraph("x"),
        why_needed=one_paragraph("x"),
    )
    shown = view(services, published(services))
    today = {item.record: item for item in items(shown, "do_today") if item.kind in ("incident", "restraint")}
    assert today.keys() == {due, hold}
    assert today[due].words == (
        "Serious illness or accident. He fell. To be told: Ofsted by 11:00; "
        "Responsible authority, Herefordshire Council by 11:00."
    )
    assert "Manager speaks to the carer and signs by 18:40" in today[hold].words


def test_a_draft_is_brought_up_to_date_and_keeps_the_order_it_was_given(services: Services) -> None:
    draft = services.handovers.draft(NIGHT)
    turned = list(reversed(draft.fields["items"]))
    services.records.save(replace(draft, fields={**draft.fields, "items": turned[:-1]}))
    updated_draft = services.handovers.draft(NIGHT)
    assert updated_draft.record == draft.record
    assert [item["id"] for item in updated_draft.fields["items"]][:3] == [item["id"] for item in turned][:3]
    # Nothing can be left out.
    assert {item["id"] for item in updated_draft.fields["items"]} == {item["id"] for item in turned}


def test_a_quiet_night_is_a_record_and_is_accepted_too(services: Services) -> None:
    quiet = Night("", datetime(2015, 3, 6, 17, 30, tzinfo=UTC), datetime(2015, 3, 7, 8, 30, tzinfo=UTC))
    draft = replace(services.handovers.draft(quiet))
    draft = replace(draft, fields={**draft.fields, "items": []})
    with pytest.raises(Unfinished):
        services.handovers.publish(draft)
    record = services.handovers.publish(
        replace(draft, fields={**draft.fields, "quiet": "No contacts. Pack read through"})
    ).envelope.record
    assert (view(services, record).items, view(services, record).accepted) == (1, 0)
    services.handovers.accept(record, QUIET_ITEM)
    assert view(services, record).waiting == 0


def test_an_item_is_accepted_by_the_author_of_the_row_and_an_action_is_theirs_then(
    mine: Services, theirs: Services, clock: SetClock
) -> None:
    record = published(mine)
    exchange(mine, theirs)
    clock.now = PUBLISHED + timedelta(minutes=39)
    item = next(item for item in items(view(theirs, record), "do_today") if item.state.startswith("Overdue"))
    theirs.handovers.accept(record, item.id)
    exchange(mine, theirs)
    seen = next(candidate for candidate in items(view(mine, record), "do_today") if candidate.id == item.id)
    assert (seen.accepted, seen.who, seen.waiting) == ("Accepted 08:51", theirs.store.seat.name, "")
    action = mine.store.get(item.record)
    assert action is not None
    assert owned_by(ACTION.of(action)).name == theirs.store.seat.name
    with pytest.raises(UserError, match="accepted already"):
        mine.handovers.accept(record, item.id)
    with pytest.raises(UserError, match="no such item"):
        mine.handovers.accept(record, "contacts-of-nobody")


def test_two_laptops_accept_the_same_item_offline_and_the_first_one_has_it(
    mine: Services, theirs: Services, clock: SetClock
) -> None:
    record = published(mine)
    exchange(mine, theirs)
    item = items(view(mine, record), "contacts")[0].id
    clock.now = PUBLISHED + timedelta(minutes=5)
    theirs.handovers.accept(record, item)
    clock.now = PUBLISHED + timedelta(minutes=6)
    mine.handovers.accept(record, item)
    exchange(mine, theirs)
    for services in (mine, theirs):
        seen = next(candidate for candidate in items(view(services, record), "contacts") if candidate.id == item)
        assert (seen.who, seen.accepted) == (theirs.store.seat.name, "Accepted 08:17")


def test_an_item_that_is_handed_on_waits_anew_and_gets_louder(services: Services, clock: SetClock) -> None:
    record = published(services)
    item = items(view(services, record), "read_first")[0]
    loud = []
    for minutes in (0, 29, 30, 60, 120):
        clock.now = PUBLISHED + timedelta(minutes=minutes)
        loud.append(items(view(services, record), "read_first")[0].loud)
    assert loud == [
        Loudness.SHOWN,
        Loudness.SHOWN,
        Loudness.TOLD_AGAIN,
        Loudness.MANAGER_TOLD,
        Loudness.MANAGER_RINGS,
    ]
    services.handovers.hand_to(record, item.id, "  K. Adeyemi ")
    seen = items(view(services, record), "read_first")[0]
    assert (seen.who, seen.waiting, seen.loud) == ("K. Adeyemi", "Waiting 0 min", Loudness.SHOWN)
    with pytest.raises(UserError, match="Enter whom"):
        services.handovers.hand_to(record, item.id, " ")


def test_a_call_after_publishing_comes_under_added_since_and_is_accepted_too(
    services: Services, clock: SetClock
) -> None:
    record = published(services)
    clock.now = PUBLISHED + timedelta(minutes=19)
    draft = services.records.new_draft(
        "contact",
        {
            "type": "information",
            "caller_name": "Carol Yeo",
            "information": "All quiet",
            "told": "2017-03-14T08:31:00+00:00",
        },
    )
    services.records.finish(draft)
    shown = view(services, record)
    assert [(item.at, item.words) for item in shown.added] == [("08:31", "Carol Yeo: All quiet")]
    services.handovers.accept(record, shown.added[0].id)
    assert view(services, record).added[0].accepted == "Accepted 08:31"
    evening = services.records.new_draft(
        "contact",
        {
            "type": "information",
            "caller_name": "Carol Yeo",
            "information": "All quiet",
            "told": "2017-03-14T18:00:00+00:00",
        },
    )
    clock.now = datetime(2017, 3, 14, 18, 1, tzinfo=UTC)
    services.records.finish(evening)
    assert len(view(services, record).added) == 1  # the next night has its own handover


def test_what_somebody_of_the_day_has_accepted_is_not_amber_any_more(services: Services, clock: SetClock) -> None:
    clock.now = MORNING + timedelta(minutes=45)

    def status(name: str) -> tuple[str, str]:
        card = next(card for card in services.on_call.board().children if card.name == name)
        return card.status.tone, card.status.words

    assert status("Tyler B.")[0] == "amber"
    record = published(services)
    assert status("Tyler B.")[0] == "amber"
    tyler = next(item for item in items(view(services, record), "read_first") if item.title.startswith("Tyler"))
    services.handovers.accept(record, tyler.id)
    assert status("Tyler B.")[0] == "neutral"
    kai = next(item for item in items(view(services, record), "read_first") if item.title.startswith("Kai"))
    services.handovers.accept(record, kai.id)
    assert (
        status("Kai M.") == ("risk", "Missing since Mon 21:40") or status("Kai M.")[0] == "risk"
    )  # he is still not home


def test_the_guide_that_goes_on_is_handed_over(services: Services) -> None:
    draft = services.missing.draft(child(services, "HIPSS-017"))
    episode = services.missing.begin(draft).envelope.record
    shown = view(services, published(services))
    first = items(shown, "read_first")[0]
    assert (first.record, first.tag.words if first.tag else "") == (episode, "Missing")
    assert "The guide goes on" in first.words
    marked = [item for item in items(shown, "read_first") if item.kind == "contact" and item.title.startswith("Kai")]
    for item in marked:  # his other calls are told by the guide
        contact = services.store.get(item.record)
        assert contact is not None
        assert contact.fields.get("handover") is True or contact.fields["outcome"] == "escalated"


@pytest.mark.parametrize(("risk", "is_first"), [("high", True), ("medium", False)])
def test_an_escalated_call_is_read_first_beside_the_guide_that_tells_of_it(
    services: Services, clock: SetClock, risk: str, *, is_first: bool
) -> None:
    services.missing.begin(services.missing.draft(child(services, "HIPSS-017")))
    fields = {
        "type": "call",
        "caller_name": "Jo Preece",
        "children": [child(services, "HIPSS-017")],
        "concerns": ["missing"],
        "missing": "still",
        "last_seen_not_known": True,
        "risk": risk,
        "needs_to_know": ["manager"],
        "no_advice": True,
        "happening": "Seen at the canal",
        "told": "2017-03-14T02:18:00+00:00",
    }
    call = services.records.finish(replace(services.records.new_draft("contact"), fields=fields)).envelope.record
    read_first = [item.record for item in items(view(services, published(services)), "read_first")]
    assert (call in read_first) == is_first


def test_a_call_about_a_missing_child_whom_nobody_named_is_read_first(services: Services) -> None:
    fields = {
        "type": "call",
        "caller_name": "Jo Preece",
        "concerns": ["missing"],
        "missing": "still",
        "last_seen_not_known": True,
        "risk": "medium",
        "needs_to_know": ["manager"],
        "no_advice": True,
        "happening": "A boy is gone",
        "told": "2017-03-14T02:18:00+00:00",
    }
    call = services.records.finish(replace(services.records.new_draft("contact"), fields=fields)).envelope.record
    assert call in [item.record for item in items(view(services, published(services)), "read_first")]


def test_after_its_end_the_shift_is_said_to_have_ended(mine: Services, clock: SetClock) -> None:
    fields = {
        "on_call": mine.store.seat.person,
        "planned_start": times.stamp(EVENING),
        "planned_end": times.stamp(MORNING),
    }
    mine.records.finish(replace(mine.records.new_draft("shift"), fields=fields))
    before = mine.handover_views.end_of_shift()
    assert before is not None
    assert before.strong == "The shift ends at 08:30."
    clock.now = datetime(2017, 3, 14, 8, 46, tzinfo=UTC)
    after = mine.handover_views.end_of_shift()
    assert after is not None
    assert after.strong == "The shift ended at 08:30."
    board = mine.on_call.board()
    assert (board.shift, board.last_ended) == (None, "08:30")


def test_a_hold_of_the_night_is_handed_over_for_the_worker_who_supervises_the_household(services: Services) -> None:
    """Its manager is to speak to the carer within 48 hours, whether or not anybody marked the call about it."""
    carol = next(
        carer.record for carer in services.people.of_kind("carer") if "Yeo" in services.people.name(carer.record)
    )
    at = "2017-03-13T18:40:00+00:00"
    hold = {
        "child": child(services, "HIPSS-014"),
        "carer": carol,
        "began": at,
        "ended": at,
        "held_by": "Carol Yeo",
        "where": "His room",
        "led_to_it": one_paragraph("He climbed on to the sill"),
        "tried_first": one_paragraph("She asked him in"),
        "hold_words": one_paragraph("By the right forearm"),
        "why_needed": one_paragraph("To stop him falling"),
    }
    record = services.records.finish(services.records.new_draft("restraint", hold)).envelope.record
    shown = view(services, published(services))
    (item,) = [item for item in items(shown, "read_first") if item.record == record]
    assert item.title == "Tyler B. · 15"
    assert item.words == (
        "Held by Carol Yeo. He climbed on to the sill. "
        "Still to do: Manager speaks to the carer and signs by Wed 18:40; Somebody speaks to the child by Sat 18:40."
    )
    assert (item.at, item.who) == ("18:40", "D. Marsh")


def test_a_child_missing_since_an_earlier_night_by_calls_alone_is_read_first(
    services: Services, clock: SetClock
) -> None:
    clock.now = PUBLISHED + timedelta(days=3)
    later = Night("", EVENING + timedelta(days=3), MORNING + timedelta(days=3))
    first = [item for item in services.handovers.items(later) if item.part == "read_first"]
    contact = services.store.get(first[0].contact)
    assert contact is not None
    assert contact.fields["children"] == [child(services, "HIPSS-017")]
    assert contact.fields["missing"] == "still"
    services.missing.begin(services.missing.draft(child(services, "HIPSS-017")))
    with_a_guide = [item for item in services.handovers.items(later) if item.part == "read_first"]
    assert with_a_guide[0].episode
    assert contact.record not in [item.contact for item in with_a_guide]


def test_who_goes_off_shift_is_told_of_the_drafts_that_stay(services: Services) -> None:
    record = published(services)
    assert "draft" not in view(services, record).off_shift[1]
    services.records.save(services.records.new_draft("contact", {"happening": "Jo rang"}))
    assert "1 draft is not finished. It stays on this laptop." in view(services, record).off_shift[1]
