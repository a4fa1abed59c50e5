"""Who is to be told, by an action that finishing a contact made for a code of ``needs_to_know``.

The action's identifier follows from the contact and the code, so that nothing more needs to be kept.
"""

from hipss_desktop import identity
from hipss_desktop.kinds.action import ACTION
from hipss_desktop.records.codes import code_list


def to_tell(record: str, from_contact: str) -> str:
    """The code (``needs_to_know``) of who is to be told by the action ``record``, '' for any other action."""
    if not from_contact:
        return ""
    codes = (listed.code for listed in code_list("needs_to_know").codes)
    return next((code for code in codes if identity.made_record_id(from_contact, ACTION.name, code) == record), "")
