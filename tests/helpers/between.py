"""A stand-in for the council that passes everything on to the real one and alters its answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hipss_desktop.records.chain import NO_LINK, Link
from hipss_desktop.services.enrolment import Council
from sync.wire.messages import HaveAnswer, PullAnswer, PushAnswer


def _as_it_is(answer: Any) -> Any:
    return answer


@dataclass
class Between:
    """Implements ``services.enrolment.Council``; ``pulled``, ``had`` and ``pushed`` each alter one kind of answer."""

    council: Council
    pulled: Callable[[PullAnswer], PullAnswer] = _as_it_is
    had: Callable[[HaveAnswer], HaveAnswer] = _as_it_is
    pushed: Callable[[PushAnswer], PushAnswer] = _as_it_is

    def __getattr__(self, name: str) -> Any:
        return getattr(self.council, name)

    def pull(self, request: Any) -> PullAnswer:
        """Return the council's answer to a pull, altered."""
        return self.pulled(self.council.pull(request))

    def have(self, seen: Link = NO_LINK) -> HaveAnswer:
        """Return the council's statement of what it has, altered."""
        return self.had(self.council.have(seen))

    def push(self, batch: Any) -> PushAnswer:
        """Return the council's answer to a push, altered."""
        return self.pushed(self.council.push(batch))
