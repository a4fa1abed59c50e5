"""The error for a request that the council refuses. It carries an HTTP status and the wire's ``Refusal``."""

from typing import Any

from hipss_desktop.errors import UserError
from hipss_desktop.records.chain import Link
from sync.wire.messages import Refusal

STATUS = {
    "bad_request": 400,
    "unauthorised": 401,
    "clock": 401,
    "revoked": 403,
    "wrong_person": 403,
    "unknown_code": 404,
    "unknown_seat": 404,
    "not_found": 404,
    "gap": 409,
    "forked": 409,
    "too_large": 413,
    "not_authentic": 422,
    "protocol": 426,
    "too_fast": 429,
    "too_much": 429,
    "failed": 500,
    "unavailable": 503,
}
"""The HTTP status for each refusal code of the wire."""


class Refused(UserError):
    """Answers a request with a refusal. ``status`` follows from the code unless another one is given."""

    def __init__(self, code: str, detail: str, *, have: Link | None = None, status: int = 0, **more: Any) -> None:
        super().__init__(detail)
        self.status = status or STATUS[code]
        self.refusal = Refusal(code, detail, have, more)


class Unproven(Refused):
    """Refuses somebody who did not prove who they are. The refusal counts against their address."""
