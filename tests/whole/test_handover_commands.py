"""The morning handover on the command line: published, shown, accepted, handed on."""

from pathlib import Path

import pytest

from tests.helpers.command_line import Hipss
from tests.helpers.pdf_pages import read_pdf
from tests.whole.test_commands import assert_like, examples

HOURS = ("--since", "2017-03-13T17:30:00+00:00", "--until", "2017-03-14T08:30:00+00:00")


@pytest.fixture
def home(tmp_path: Path) -> Hipss:
    """The home of somebody on call, with nothing in it."""
    hipss = Hipss(tmp_path / "home")
    assert hipss.say("init", "--name", "A. Bevan", "--role", "on_call").code == 0
    return hipss


def test_a_handover_is_published_shown_accepted_and_handed_on(home: Hipss, tmp_path: Path) -> None:
    assert home.say("handover", "show").out == "No handover was published.\n"
    refused = home.say("handover", "publish")
    assert (refused.code, refused.err) == (
        1,
        "No shift is entered for this night. Enter its hours with --since and --until.\n",
    )
    assert home.say("handover", "publish", *HOURS).code == 1  # nothing to hand over, and not said to be quiet
    action = {"what": "Ring Jo Preece", "due": "2017-03-14T08:45:00+00:00", "state": "open", "owner": "A. Bevan"}
    home.add(action, "action")
    published = home.json("handover", "publish", *HOURS)
    assert_like(published, examples("hipss handover publish")[0], "publish")
    (item,) = published["items"]
    assert (item["part"], item["title"], item["accepted"]) == ("do_today", "Ring Jo Preece", "")
    assert_like(home.json("handover", "show"), examples("hipss handover show")[0], "show")
    handed = home.json("handover", "hand-to", published["record"], item["item"], "Day team")
    assert_like(handed, examples("hipss handover hand-to")[0], "hand-to")
    assert handed["items"][0]["who"] == "Day team"
    accepted = home.json("handover", "accept", published["record"], item["item"])
    assert_like(accepted, examples("hipss handover accept")[0], "accept")
    assert (accepted["items"][0]["who"], accepted["accepted"], accepted["waiting"]) == ("A. Bevan", 1, 0)
    assert "1 of 1 accepted" in home.say("handover", "show").out
    file = tmp_path / "handover.pdf"
    home.json("print", published["record"], "--to", str(file))
    paper = read_pdf(file.read_bytes())
    assert (paper.title, paper.standard) == ("Morning handover", "1")
    assert "Ring Jo Preece" in paper.text


def test_the_hours_of_a_night_are_read_by_the_clock_on_the_wall_and_a_night_is_handed_over_once(home: Hipss) -> None:
    quiet = ("--quiet", "Pack read through")
    for hours, sentence in (
        (("--since", "2017-03-13 17:30"), "Enter both times with their day, like 2017-03-13T17:30.\n"),
        (
            ("--since", "2017-03-26T01:30", "--until", "2017-03-26T08:30"),
            "01:30 did not happen on 26 March 2017. The clocks went forward.\n",
        ),
        (
            ("--since", "2090-03-13T17:30", "--until", "2090-03-14T08:30"),
            "There is a problem. 1 error.\n  since: Enter a time that is not in the future\n",
        ),
    ):
        reply = home.say("handover", "publish", *quiet, *hours)
        assert (reply.code, reply.err) == (1, sentence)
    record = home.json("handover", "publish", *quiet, "--since", "2017-03-25 17:30", "--until", "26/03/2017 08:30")[
        "record"
    ]
    fields = home.json("record", "show", record)["fields"]
    assert (fields["since"], fields["until"]) == ("2017-03-25T17:30:00+00:00", "2017-03-26T08:30:00+01:00")
    second_reply = home.say(
        "handover", "publish", *quiet, "--since", "2017-03-25T17:30:00+00:00", "--until", "2017-03-26T09:30"
    )
    assert (second_reply.code, second_reply.err) == (
        1,
        "You have handed this night over already. Calls after it stand under ‘Added since’.\n",
    )


def test_a_quiet_night_is_published_with_what_was_done(home: Hipss) -> None:
    quiet = (
        "--since",
        "2016-03-13T17:30:00+00:00",
        "--until",
        "2016-03-14T08:30:00+00:00",
        "--quiet",
        "Pack read through",
    )
    published = home.json("handover", "publish", *quiet)
    assert published["quiet"] == "Pack read through"
