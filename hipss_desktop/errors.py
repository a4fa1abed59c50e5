"""What can go wrong, told apart by who can mend it.

    HipssError
    ├── UserError        the person can mend it; the sentence says how, and nothing is lost
    ├── Unavailable      the environment failed: disk full, network away, store held by another process
    │   └── DiskRefused  this laptop's disk is full, cannot be written, or failed
    └── Tampered         a digest, signature, chain or anchor does not hold: stop, keep the evidence, report

Anything else that is raised is a bug of ours. The words of an error are written where it is raised. A message
never holds a name, a number or free text out of a record: messages reach logs and terminals. Must not import anything of ours.
"""


class HipssError(Exception):
    """The root of all errors that the program expects; ``str(error)`` is a sentence fit to be shown."""


class UserError(HipssError):
    """Something a person gave cannot be used; the sentence says how to mend it.

    Attributes:
        field: the answer that it is about, as the use case names it; '' where there is one answer or none.
    """

    def __init__(self, sentence: str, field: str = "") -> None:
        self.field = field
        super().__init__(sentence)


class Unavailable(HipssError):
    """The environment failed (disk, network, lock); trying again later may work and nothing is lost."""


class DiskRefused(Unavailable):
    """The disk is full, cannot be written, or failed; what was saved before is there, and can be read and sent."""


class Tampered(HipssError):
    """Something signed or chained does not verify; it is kept as evidence and never acted on."""
