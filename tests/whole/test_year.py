"""A year of an on-call log, from a spreadsheet to a council on PostgreSQL and to a second laptop."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

from resources.demo.history import year_log
from tests.helpers.council_fixtures import CouncilServer
from tests.whole.conftest import Enrol


def test_a_year_of_calls_is_imported_once_searched_synced_and_pulled_whole_by_a_second_laptop(
    tmp_path: Path, new_database: Callable[[], str], enrol: Enrol
) -> None:
    year = year_log(1)
    sheets = tmp_path / "sheets"
    sheets.mkdir()
    for kind, text in year.sheets.items():
        (sheets / f"{kind}.csv").write_text(text, encoding="utf-8", newline="")
    log = tmp_path / "log.csv"
    log.write_text(year.log, encoding="utf-8", newline="")

    council = CouncilServer(tmp_path / "council", new_database())
    council.init()
    loaded = council.json("import", str(sheets))
    assert loaded["problems"] == []
    council.start()
    try:
        first = enrol(council, "A. Bevan")
        assert len(first.json("record", "list", "child")) == 12
        assert len(first.json("record", "list", "carer")) == 9

        would = first.json("import", "contact", str(log), "--dry-run")
        assert (would["added"], would["problems"], would["dry_run"]) == (2000, [], True)
        done = first.json("import", "contact", str(log))
        assert (done["added"], done["known"], done["changed"], done["problems"]) == (2000, 0, [], [])
        second_import = first.json("import", "contact", str(log))
        assert (second_import["added"], second_import["known"], second_import["changed"]) == (0, 2000, [])

        rows = list(csv.reader(io.StringIO(year.log)))
        happening = rows[0].index("What is happening?")
        rows[7][happening] += " Rang once more at ten."
        written = io.StringIO()
        csv.writer(written).writerows(rows)
        log.write_text(written.getvalue(), encoding="utf-8", newline="")
        changed = first.json("import", "contact", str(log), expect=1)
        assert (changed["added"], changed["known"], len(changed["changed"])) == (0, 1999, 1)

        words = max(rows[20][happening].replace(",", " ").replace(".", " ").split(), key=len)
        matches = first.json("search", words)
        assert any(record["kind"] == "contact" for record in matches["records"])
        child = first.json("record", "list", "child", "--limit", "1")[0]["fields"]
        people = first.json("search", child["given_name"])["people"]
        assert child["given_name"] in people[0]["name"]

        sent = first.json("sync")
        assert (sent["sent"] >= 2000, sent["waiting"], sent["problems"]) == (True, 0, [])
        second = enrol(council, "C. Powell", laptop="LT-2")
        assert len(second.json("record", "list", "contact", "--limit", "5000")) == 2000
        assert second.json("search", words)["records"] == [
            {**record, "sync": "sent"} for record in first.json("search", words)["records"]
        ]
        first.json("sync")
        second.json("sync")

        seats = [hipss.json("doctor")["seats"] for hipss in (first, second)]
        theirs = council.json("doctor")
        assert theirs["findings"] == []
        assert seats[0] == seats[1] == theirs["seats"]
        assert sorted(number for number, _ in seats[0].values())[-1] == 2000
    finally:
        council.stop()
