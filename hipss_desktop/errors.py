"""What can go wrong, told apart by who can mend it.

    HipssError
    ├── UserError        the person can mend it; the sentence says how, and nothing is lost
    │   └── WrongCall    what a command was given cannot be used at all: an option, a file of JSON, a variable
    ├── Unavailable      the environment failed: disk full, network away, store held by another process
    │   └── DiskRefused  this laptop's disk is full, cannot be written, or failed
    └── Tampered         a digest, signature, chain or anchor does not hold: stop, keep the evidence, report

Any other exception is a bug in the program. The words of an error are written where it is raised. A message never holds a name,
a number or free text out of a record: messages reach logs and terminals. Must not import any other module of the project.
"""


class HipssError(Exception):
    """The root of all errors that the program expects; ``str(error)`` is a sentence that can be shown to a person."""

    details: tuple[str, ...] = ()
    """The lines that a command prints below the sentence."""


class UserError(HipssError):
    """Something that a person entered cannot be used; the sentence says how to correct it.

    Attributes:
        field: the answer that it is about, as the use case names it; '' where there is one answer or none.
    """

    def __init__(self, sentence: str, field: str = "") -> None:
        self.field = field
        super().__init__(sentence)


class WrongCall(UserError):
    """A command was called with something that it cannot read; commands then exit with code 2, as for an unknown option."""


class Unavailable(HipssError):
    """The environment failed (disk, network, lock); nothing is lost, and trying again later may work."""


class DiskRefused(Unavailable):
    """The disk is full, cannot be written, or failed; what was saved before can still be read and sent."""


class Tampered(HipssError):
    """A signature, digest or chain does not verify; the data is kept as evidence and never acted on."""
