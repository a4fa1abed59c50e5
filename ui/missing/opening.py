"""Opens the guide of a child from any page: the open guide, else the form that begins one."""

from hipss_desktop.kinds.missing_episode import MISSING_EPISODE
from hipss_desktop.rules.missing import Episode
from ui.base.page import Page


def open_guide(page: Page, child: str, *, contact: str = "") -> None:
    """Open or begin the guide of a child who is not home; ``contact`` is the call that reports it, '' for none."""
    context = page.context

    def known(episode: Episode | None) -> None:
        if episode is not None and episode.record:
            context.open(episode.record, MISSING_EPISODE.name)
        else:
            context.new(MISSING_EPISODE.name, child=child, contact=contact)

    missing = context.services.missing
    context.runner.read(lambda: missing.known(child), known, context=page)
