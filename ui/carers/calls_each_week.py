"""A card with the weeks of a placement: the chart, what is usual, and whether there is strain.

Must not work anything out: ``views.strain`` has the words.
"""

from PySide6.QtWidgets import QWidget

from hipss_desktop.rules.strain import Strain
from hipss_desktop.views.strain import StrainView, ends_of
from ui.base.page import Context
from ui.parts import Card, LinkButton, grows, label
from ui.parts.weeks_chart import Bar, WeeksChart
from ui.records.record_page import flow, tag_of

WEEKS = "weeks"
"""The route of the page that shows the weeks as a table, and how strain is worked out."""
AS_TABLE = "Show as table"
TITLE = "Calls each week"


def draw(chart: WeeksChart, strain: Strain, spoken: str) -> None:
    """Show the weeks of a placement in a chart."""
    first, last = ends_of(strain)
    bars = [Bar(week.count, week.is_above) for week in strain.weeks]
    chart.show_weeks(bars, strain.usual, first if len(bars) > 1 else "", last, spoken)


class CallsEachWeek(Card):
    """The card on a household’s page, with a link to the table of the weeks."""

    def __init__(self, context: Context, view: StrainView) -> None:
        super().__init__(TITLE, aside=[label(view.usual, "small", "muted")] if view.usual else ())
        link = LinkButton(AS_TABLE)
        link.setAccessibleName(f"{AS_TABLE}, {TITLE.lower()}")
        link.clicked.connect(lambda: context.go(WEEKS, record=view.person))
        if view.strain is None:
            self.add(label(view.sentence, "small", "muted", wrap=True))
        else:
            chart = WeeksChart()
            draw(chart, view.strain, view.spoken)
            head: list[QWidget] = [tag_of(view.tag.words, view.tag.tone, view.tag.icon)] if view.tag else []
            self.add(chart, flow([*head, label(view.sentence, "body_strong" if head else "body")]))
            self.add(label(view.why, "small", "muted", wrap=True), link)
        grows(self)
        self.body.addStretch(1)
