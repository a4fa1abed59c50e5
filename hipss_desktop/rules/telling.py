"""Whom an action is to tell.

An action says so itself; one that an older program made for a code of ``needs_to_know`` does not. Its identifier follows from
the contact and the code.
"""

from typing import Protocol

from hipss_desktop import identity
from hipss_desktop.kinds.action import ACTION
from hipss_desktop.records.codes import code_list
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
    codes = (listed.code for listed in code_list("needs_to_know").codes if listed.more.get("action"))
    made = (code for code in codes if identity.made_record_id(action.from_contact, ACTION.name, code) == record.record)
    return next(made, "")
