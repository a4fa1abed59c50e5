"""The council's log: one JSON object a line, on standard error.

It contains identifiers, numbers and durations only: no names, no bodies and no tokens. Of an error it contains the type and the
place, never the message.
"""

import logging
import sys
import traceback
from typing import Any

import structlog

log: Any = structlog.get_logger()


def start() -> None:
    """Set up logging for this process."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.CRITICAL)


def place(error: BaseException) -> list[str]:
    """Return where an error was raised, the innermost frame last, without the error's message."""
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)[-8:]]
