"""The laptop's end of the wire over HTTPS: tokens, batches, refusals. Implements ``hipss_desktop.services.enrolment.Council``.

TLS is checked against the laptop's own certificate store; plain HTTP is refused except to this machine. The device proves
itself with a short-lived assertion signed by the seat's wire key, in the council's time. It learns that time from the council's
answers, so a laptop whose clock is wrong by years still syncs. Once the council is known to sign its answers, unsigned answers
are refused. Must not read or write the store.
"""

import hashlib
import secrets
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from types import MappingProxyType
from typing import Any, TypeVar

import httpx2
import msgspec
from joserfc.jwk import OKPKey

from hipss_desktop import times
from hipss_desktop.decoding import NotReadable, decoded
from hipss_desktop.errors import Tampered, UserError
from hipss_desktop.records.chain import NO_LINK, Link
from hipss_desktop.services.enrolment import Refused, Unreachable
from sync.client.addresses import checked_address
from sync.client.certificates import NotValidThen, is_about_certificate
from sync.client.failures import SOMEBODY_ELSE
from sync.client.line import Line
from sync.wire.messages import (
    ANSWER_HEADER,
    ANSWER_TYPE,
    ASSERTION_TYPE,
    AUDIENCE,
    CLIENT_ASSERTION,
    DEPOSIT_PATH,
    ENROL_PATH,
    HAVE_PATH,
    HEALTH_PATH,
    LOOK_PATH,
    NONCE_HEADER,
    PULL_PATH,
    PUSH_PATH,
    SUCCESSION_HEADER,
    TOKEN_PATH,
    UNFINISHED_PATH,
    AnswerMark,
    Assertion,
    Deposit,
    Deposited,
    Enrol,
    Enrolled,
    HaveAnswer,
    HaveAsked,
    Look,
    Pull,
    PullAnswer,
    Push,
    PushAnswer,
    Refusal,
    Signed,
    Token,
    UnfinishedAnswer,
    UnfinishedHere,
    WireRevision,
)
from sync.wire.tokens import read_statement, statement

Answer = TypeVar("Answer")
BELIEVED = timedelta(days=1)
"""The largest difference from this laptop's clock that an unsigned answer may claim. A forger wants proofs for a later day."""

CHALLENGE_SECONDS = 300
"""After this long a new challenge is asked for. The council accepts a challenge for twice as long."""

NO_HEADERS: Mapping[str, str] = MappingProxyType({})

ASSERTION_LIFE = timedelta(seconds=240)


class HttpsCouncil:
    """One laptop's connection to its council at ``server``."""

    def __init__(
        self,
        server: str,
        *,
        clock: times.Clock = times.system_clock,
        seat: str = "",
        wire_key: OKPKey | None = None,
        certificate: Callable[[], str] = lambda: "",
        council_key: OKPKey | None = None,
        follow: Callable[[str], OKPKey | None] = lambda _: None,
        signs: bool = False,
        timeout: float = 20.0,
        patience: float = 60.0,
    ) -> None:
        """Prepare to speak to ``server``; nothing is sent yet.

        Args:
            server: the council's address as typed, "hipss.example" (http only to this machine).
            clock: the laptop's clock, corrected by what the council's answers say.
            seat, wire_key: the seat and key that sign the assertion; not needed before enrolment.
            certificate: the seat's certificate as stored JSON, for a council that lost it in a restore.
            council_key: the council's pinned key, which verifies its answers; None before it is known.
            follow: called with the header of the council's successions. It returns the key to trust now, or None if they do not
                lead on from the pinned key.
            signs: whether this council is known to sign its answers, so that an unsigned answer is somebody else's.
            timeout: seconds without a byte before an attempt fails.
            patience: seconds for a whole request, besides those for its size (``deadline``).
        """
        self.server = checked_address(server)
        self._clock = clock
        self._ahead = timedelta()
        self._apart: timedelta | None = None
        self._was_signed = False
        self._seat = seat
        self._wire_key = wire_key
        self._certificate = certificate
        self._token = ""
        self._council_key, self._follow = council_key, follow
        self.signs = signs
        self._challenge, self._challenged = "", 0.0
        self._line = Line(self.server, self._council_now, timeout=timeout, patience=patience)

    def close(self) -> None:
        """Close the connection."""
        self._line.close()

    def prove(self) -> None:
        """Let the server prove with the pinned key that it is this council; nothing but a nonce is sent.

        Raises:
            Unreachable: no answer came, or it was not signed by that key.
        """
        self._send("GET", HEALTH_PATH)
        if not self._was_signed:
            raise Unreachable(SOMEBODY_ELSE)

    def look(self, secret: str) -> str:
        """The council's offer for the secret half of a one-time code."""
        return self._ask(LOOK_PATH, Look(secret), Signed, token=False).jws

    def enrol(self, request: Enrol) -> WireRevision:
        """The seat's certificate."""
        return self._ask(ENROL_PATH, request, Enrolled, token=False).certificate

    def have(self, seen: Link = NO_LINK) -> HaveAnswer:
        """What the council has of every chain. ``seen`` is the last link of the council's own chain on this laptop."""
        return self._ask(HAVE_PATH, HaveAsked(seen), HaveAnswer)

    def push(self, batch: Push) -> PushAnswer:
        """Send one batch of one seat's chain."""
        return self._ask(PUSH_PATH, batch, PushAnswer)

    def pull(self, request: Pull) -> PullAnswer:
        """Fetch what this laptop lacks."""
        return self._ask(PULL_PATH, request, PullAnswer)

    def unfinished(self, report: UnfinishedHere) -> UnfinishedAnswer:
        """Report the drafts on this laptop, and return the reports of the other laptops."""
        return self._ask(UNFINISHED_PATH, report, UnfinishedAnswer)

    def deposit(self, key: Deposit) -> Deposited:
        """Deposit a recovery key in place of the one before."""
        return self._ask(DEPOSIT_PATH, key, Deposited)

    def _ask(self, path: str, request: Any, answer: type[Answer], *, token: bool = True) -> Answer:
        body = msgspec.json.encode(request)
        try:
            return self._once(path, body, answer, token=token)
        except Refused as refused:
            # An expired token, or one that a restarted council does not know, is asked for once more, and so is one of a
            # seat that a restored council does not know: it sees the certificate then. The same batch may be sent again,
            # because the council knows every revision by its digest.
            if not token or refused.refusal.code not in ("unauthorised", "unknown_seat") or not self._token:
                raise
            self._token = ""
            return self._once(path, body, answer, token=True)

    def _once(self, path: str, body: bytes, answer: type[Answer], *, token: bool) -> Answer:
        headers = {"content-type": "application/json"}
        if token:
            headers["authorization"] = f"Bearer {self._token or self._new_token()}"
        return self._read(self._send("POST", path, content=body, headers=headers), answer)

    def _new_token(self, *, may_repeat: bool = True) -> str:
        if self._wire_key is None:
            raise UserError("This laptop has not joined a council yet.")
        self._renew_challenge()
        now = self._clock() + self._ahead
        assertion = Assertion(
            iss=self._seat,
            sub=self._seat,
            aud=AUDIENCE,
            jti=str(uuid.uuid4()),
            iat=now.timestamp(),
            exp=(now + ASSERTION_LIFE).timestamp(),
            challenge=self._challenge,
        )
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": CLIENT_ASSERTION,
            "client_assertion": statement(assertion, ASSERTION_TYPE, self._wire_key),
        }
        if self._certificate():
            form["certificate"] = self._certificate()
        try:
            self._token = self._read(self._send("POST", TOKEN_PATH, data=form), Token).access_token
        except Refused as refused:
            if refused.refusal.code == "clock" and may_repeat:
                return self._new_token(may_repeat=False)
            raise
        return self._token

    def _renew_challenge(self) -> None:
        """Ask the council for a new challenge if the last one is old. An older council gives none."""
        if self._council_key is not None and monotonic() - self._challenged > CHALLENGE_SECONDS:
            self._send("GET", HEALTH_PATH)

    def _send(
        self, method: str, path: str, *, headers: Mapping[str, str] = NO_HEADERS, **content: Any
    ) -> httpx2.Response:
        try:
            return self._send_once(method, path, headers=headers, **content)
        except (httpx2.HTTPError, NotValidThen) as failure:
            if self._council_key is None or not is_about_certificate(failure):
                raise self._unreachable(failure) from failure
            self._go_by_council_time(failure)
        try:
            return self._send_once(method, path, headers=headers, **content)
        except (httpx2.HTTPError, NotValidThen) as failure:
            raise self._unreachable(failure) from failure

    def _unreachable(self, failure: Exception) -> Unreachable:
        return Unreachable(self._line.sentence_for(failure, self._clock()))

    def _go_by_council_time(self, refused: Exception) -> None:
        """Learn the council's time from its signed answer, and check certificates at that time from now on.

        Nothing but a nonce is sent to a server before its certificates were checked so.

        Raises:
            Unreachable: no signed answer came, or a certificate is not valid at the council's time either, or was ``refused``
                for another reason than its time.
        """
        self._apart = None
        self._line.go_by_council_time()
        try:
            self._send_once("GET", HEALTH_PATH)
            self._line.compare()
        except BaseException as failure:
            proved = self._council_now() is not None
            self._line.go_by_own_time()  # whatever happened: nothing may be sent on a line that was not compared
            if isinstance(failure, httpx2.HTTPError | NotValidThen):
                raise self._unreachable(failure if proved else refused) from failure
            raise

    def _council_now(self) -> datetime | None:
        """The council's time, None if no signed answer told it."""
        return None if self._apart is None else self._clock() + self._apart

    def _send_once(
        self, method: str, path: str, *, headers: Mapping[str, str] = NO_HEADERS, **content: Any
    ) -> httpx2.Response:
        nonce, asked = secrets.token_urlsafe(18), self._clock()
        whole = self._line.request(method, path, {**headers, NONCE_HEADER: nonce}, **content)
        mark = self._mark(nonce, path, whole)
        self._was_signed = mark is not None
        if mark is None:
            self._learn_time(whole)
        else:
            self.signs = True
            self._challenge, self._challenged = mark.challenge, monotonic()
            self._ahead = self._apart = certain_difference(times.instant(mark.at), asked, self._clock())
        return whole

    def _mark(self, nonce: str, path: str, response: httpx2.Response) -> AnswerMark | None:
        """The council's signed statement about an answer. None before its key is known, and from a council that does not sign.

        Raises:
            Unreachable: the statement is not this council's or not about this answer, or it is missing though the council signs.
        """
        signed = response.headers.get(ANSWER_HEADER, "")
        if self._council_key is None or not (signed or self.signs):
            return None
        digest = hashlib.sha256(response.content).hexdigest()
        try:
            mark = self._read_mark(signed, response.headers.get(SUCCESSION_HEADER, ""))
            times.instant(mark.at)
        except (Tampered, ValueError) as strange:
            raise Unreachable(SOMEBODY_ELSE) from strange
        if (mark.nonce, mark.path, mark.status, mark.digest) != (nonce, path, response.status_code, digest):
            raise Unreachable(SOMEBODY_ELSE)
        return mark

    def _read_mark(self, signed: str, new_keys: str) -> AnswerMark:
        """Verify a statement with the pinned key, or with the key that this one has named. Raises Tampered."""
        assert self._council_key is not None
        try:
            return read_statement(signed, ANSWER_TYPE, self._council_key, AnswerMark)
        except Tampered:
            following = self._follow(new_keys) if new_keys else None
            if following is None:
                raise
            mark = read_statement(signed, ANSWER_TYPE, following, AnswerMark)
            self._council_key = following
            return mark

    def _learn_time(self, response: httpx2.Response) -> None:
        """Use the time of an unsigned answer if it is within a day of this laptop's clock."""
        try:
            ahead = parsedate_to_datetime(response.headers.get("date", "")).astimezone(UTC) - self._clock()
        except (ValueError, OverflowError):  # no date at all, or one that no calendar here reaches
            return
        if abs(ahead) <= BELIEVED:
            self._ahead = ahead

    def clock_difference(self) -> timedelta | None:
        """By how much the council's clock is ahead of this laptop's, by its last signed answer; None if there was none."""
        return self._apart

    def _read(self, response: httpx2.Response, answer: type[Answer]) -> Answer:
        content = response.content
        if response.status_code in (200, 201):
            try:
                return decoded(content, answer)
            except NotReadable as strange:
                # The sign-in page of a hotel's network answers 200 too, and so may an answer that was cut off.
                raise Unreachable(SOMEBODY_ELSE) from strange
        try:
            refusal = decoded(content, Refusal)
        except NotReadable as strange:
            raise Unreachable(SOMEBODY_ELSE) from strange
        if response.status_code >= 500:
            raise Unreachable(refusal.detail)
        raise Refused(refusal)


def certain_difference(signed: datetime, asked: datetime, answered: datetime) -> timedelta:
    """By how much the council's clock is certainly ahead: it signed the answer after it was asked and before it answered.

    So a slow line, or somebody who holds an answer back, cannot make up a difference.
    """
    least, most = signed - answered, signed - asked
    return max(least, min(most, timedelta()))
