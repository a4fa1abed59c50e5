"""Who may read and write a kind: sets of roles, used by the descriptions of the kinds.

Roles are those of the seat certificate (``resources/codes/role.csv``) and "council", the council server's own seat.
The table role x kind x right is what the kinds say with these sets; the council looks every revision up in it
(``catalogue.may_write``, ``catalogue.may_read``).
"""

from hipss_desktop.records.kind import Role

EVERYONE_IN_SERVICE: frozenset[Role] = frozenset(
    {"on_call", "supervising", "lead", "manager", "administrator", "council"}
)
"""All who work with the children; the commissioner reads figures, never a child's record."""

EVERYONE: frozenset[Role] = EVERYONE_IN_SERVICE | {"commissioner"}
PRACTITIONERS: frozenset[Role] = frozenset({"on_call", "supervising", "lead", "manager", "council"})
ON_CALL_AND_MANAGERS: frozenset[Role] = frozenset({"on_call", "lead", "manager", "council"})
FOSTERING: frozenset[Role] = frozenset({"supervising", "manager", "council"})
MANAGERS: frozenset[Role] = frozenset({"manager", "council"})
OFFICE: frozenset[Role] = frozenset({"manager", "administrator", "council"})
COUNCIL: frozenset[Role] = frozenset({"council"})
TISS: frozenset[Role] = frozenset({"lead", "manager", "council"})
"""Those who give consultations: what other teams bring is read by nobody else in the service."""
