"""The sets of roles that may read and write a kind, used by the descriptions of the kinds.

Roles are those of the seat certificate (``resources/codes/role.csv``) and "council", the council server's own seat. With
these sets each kind says which roles may do what; the council checks every revision against them (``catalogue.may_write``,
``catalogue.may_read``).
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
"""Those who give consultations: nobody else in the service reads what other teams bring."""
