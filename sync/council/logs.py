"""What the council writes down of its running: one JSON object a line, on standard error.

Identifiers, numbers and durations only: no names, no bodies, no tokens, and of an error its type and place, never its
message.
"""

import logging
import sys
import traceback
from typing import Any

import structlog

log: Any = structlog.get_logger()


def start() -> None:
    """Set logging up for this process."""
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
    """Where an error was raised, innermost last, without what it says."""
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)[-8:]]
