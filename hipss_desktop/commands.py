"""What both command lines share: how a command is run, what its errors say, and which exit code it ends with.

Exit code 0: done. 1: failed. 2: the command was not called as it must be. Errors go to standard error. Must not contain a command.
"""

import os
import re
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from hipss_desktop import memory, printing
from hipss_desktop.errors import HipssError, WrongCall
from hipss_desktop.printing import tell

IDENTIFIER = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|[0-9A-Fa-f]{32}|[0-9A-Fa-f]{64}")
"""A record, a seat, a row or a version, as this program writes it in lower case."""
OF_PROGRAM = "HIPSS_"
"""The beginning of the environment variables that the program reads."""


def run(app: Callable[..., Any]) -> NoReturn:
    """Run the command that this program was started with, and exit; an expected error is a sentence."""
    memory.keep_to_itself()
    printing.print_utf8()
    try:
        app(args=_arguments(), standalone_mode=True)
    except WrongCall as wrong:
        _end([str(wrong)], 2)
    except HipssError as error:
        _end([str(error), *error.details], 1)
    except OSError:
        _end(["A file cannot be read."], 1)
    sys.exit(0)


def _end(lines: list[str], code: int) -> NoReturn:
    for line in lines:
        tell(line, error=True)
    raise SystemExit(code) from None


def _arguments() -> list[str]:
    """The words of the command; a word that is an identifier is read in lower case, as identifiers are written.

    Raises:
        WrongCall: a word, or a variable of the program, holds bytes that are not text.
    """
    arguments = sys.argv[1:]
    for name, value in os.environ.items():
        if name.startswith(OF_PROGRAM) and not _is_text(value):
            raise WrongCall(f"{name} is not UTF-8 text. Set it again, then try again.")
    if not all(map(_is_text, arguments)):
        raise WrongCall("A word of this command is not UTF-8 text. Type it again, or rename the file.")
    return [word.lower() if IDENTIFIER.fullmatch(word) else word for word in arguments]


def _is_text(word: str) -> bool:
    return not any("\ud800" <= sign <= "\udfff" for sign in word)
