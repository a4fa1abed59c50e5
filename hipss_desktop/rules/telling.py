"""The service that an action is to tell, from its code or its words.

An action has the code itself, unless an older program made it for a code of ``needs_to_know``. The identifier of such an
action is computed from the contact and the code.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol

from hipss_desktop import identity
from hipss_desktop.kinds.action import ACTION
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.folding import folded
from hipss_desktop.records.kind import HasBody


class Identified(HasBody, Protocol):
    """A record with its identifier."""

    @property
    def record(self) -> str:
        """The record's identifier."""
        ...


def told_by(record: Identified) -> str:
    """The code (``told``) of the service that an action is to tell, '' for any other action."""
    action = ACTION.of(record)
    if action.tells or not action.from_contact:
        return action.tells
    return _code_it_was_made_for(record.record, action.from_contact)


@lru_cache(maxsize=1000)
def _code_it_was_made_for(record: str, contact: str) -> str:
    """The code of ``needs_to_know`` from which the identifier of an action was made, '' if there is none."""
    codes = (listed.code for listed in code_list("needs_to_know").codes if listed.more.get("action"))
    return next((code for code in codes if identity.made_record_id(contact, ACTION.name, code) == record), "")


_ADDRESSED = re.compile(r"(?:tell|ring|ask|text|call|phone|email|speak to|talk to)\s+(?:the\s+)?(.+)", re.DOTALL)


def addresses(action_text: str, names: Iterable[str]) -> bool:
    """Whether an action's words begin with telling, ringing or asking one of the names: "Tell placing social worker, R. Pugh"."""
    match = _ADDRESSED.fullmatch(folded(action_text))
    if match is None:
        return False
    words = match[1]
    plain = (folded(name) for name in names)
    return any(name and words.startswith(name) and not words[len(name) : len(name) + 1].isalnum() for name in plain)


def service_addressed(action_text: str) -> str:
    """The code (``told``) of the service that the words of an action address, '' for none."""
    codes = code_list("told").codes
    return next(
        (
            service.code
            for service in codes
            if addresses(action_text, (service.label, service.more.get("directory", "")))
        ),
        "",
    )
