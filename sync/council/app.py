"""Serves the wire over HTTP: each path, who may ask, and every refusal as a ``Refusal``.

A body is never read beyond the largest size of a request. Work on the store runs on threads. No state is left between requests.
Must not decide anything: ``access``, ``enrolment``, ``receive`` and ``send`` decide.
"""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from time import perf_counter
from typing import Annotated, Any

import anyio
import msgspec
import sqlalchemy as sa
from litestar import Litestar, Request, Response, get, post
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.enums import RequestEncodingType
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.params import Body
from litestar.types import ASGIApp

from hipss_desktop import memory, times
from hipss_desktop.decoding import readable
from hipss_desktop.errors import Unavailable
from sync.council import access, deposits, enrolment, guard, holding, receive, send, showing, unfinished
from sync.council.answers import Challenges, signing
from sync.council.asking import SMALL_BODY, HungUp, ReadRequest, checked
from sync.council.chain import Council, Seat
from sync.council.crowd import Crowd
from sync.council.home import Home, default_folder
from sync.council.limits import Limits
from sync.council.logs import log, place, start
from sync.council.opening import opened
from sync.council.refusals import STATUS, Refused, Unproven
from sync.council.store import StoreFull
from sync.wire.messages import (
    DEPOSIT_PATH,
    ENROL_PATH,
    HAVE_PATH,
    HEALTH_PATH,
    LARGEST_REQUEST,
    LOOK_PATH,
    PROTOCOL,
    PROTOCOL_HEADER,
    PULL_PATH,
    PUSH_PATH,
    TOKEN_PATH,
    UNFINISHED_PATH,
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
    TokenRequest,
    UnfinishedAnswer,
    UnfinishedHere,
)

Asking = Request[Any, Any, State]

LARGEST_BODY = LARGEST_REQUEST + 1024 * 1024
"""Bytes of the largest body: a full batch, and 1 MiB more because JSON text inside JSON text is longer."""


class Health(msgspec.Struct, frozen=True):
    """Says that the council and its store answer."""

    status: str = "ok"
    protocol: int = PROTOCOL


def _refusals(*statuses: int) -> dict[int, ResponseSpec]:
    return {
        status: ResponseSpec(Refusal, generate_examples=False, description=HTTPStatus(status).phrase)
        for status in (*statuses, 400, 413, 426, 429, 503, 507)
    }


def _address(request: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The IP address that a request came from, as a trusted proxy says it, or '' if that is not an address."""
    try:
        return str(ipaddress.ip_address(request.client.host if request.client else ""))
    except ValueError:
        return ""


@contextmanager
def counted(request: ASGIConnection[Any, Any, Any, Any], request_name: str, a_minute: int) -> Iterator[None]:
    """Count a request that proves no identity against its address. A proven request is never refused for its neighbours'."""
    try:
        yield
    except Unproven:
        limits: Limits = request.app.state.limits
        limits.ask(f"{request_name} {_address(request)}", a_minute)
        raise


def check_protocol(request: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Refuse a request in another version of the protocol."""
    if request.headers.get(PROTOCOL_HEADER, str(PROTOCOL)) != str(PROTOCOL):
        raise Refused("protocol", "This laptop needs an update before it can sync.", protocol=PROTOCOL)


async def require_seat(request: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Find the seat that asks, before the body is read."""
    request.state["seat"] = await anyio.to_thread.run_sync(_proven, request)


def _proven(request: ASGIConnection[Any, Any, Any, Any]) -> Seat:
    council: Council = request.app.state.council
    limits: Limits = request.app.state.limits
    rates = council.home.settings.rates
    with counted(request, "token", rates.token):
        seat = access.caller(council, request.headers.get("authorization", ""))
    limits.ask(f"seat {seat.seat}", rates.seat)
    return seat


@post(
    LOOK_PATH,
    status_code=200,
    responses=_refusals(404),
    request_max_body_size=SMALL_BODY,
    sync_to_thread=True,
)
def look(data: Look, request: Asking) -> Signed:
    """Answer a one-time code with the council's offer. The code is not used up."""
    council: Council = request.app.state.council
    with counted(request, "enrol", council.home.settings.rates.enrol):
        return enrolment.look(council, data)


@post(
    ENROL_PATH,
    status_code=200,
    responses=_refusals(403, 404, 422),
    request_max_body_size=SMALL_BODY,
    sync_to_thread=True,
)
def enrol(data: Enrol, request: Asking) -> Enrolled:
    """Certify a seat and use its code up."""
    council: Council = request.app.state.council
    with counted(request, "enrol", council.home.settings.rates.enrol):
        enrolled = enrolment.enrol(council, data)
    log.info("enrolled", seat=data.seat)
    return enrolled


@post(
    TOKEN_PATH,
    status_code=200,
    responses=_refusals(401, 403, 404),
    request_max_body_size=SMALL_BODY,
    sync_to_thread=True,
)
def token(
    data: Annotated[TokenRequest, Body(media_type=RequestEncodingType.URL_ENCODED)], request: Asking
) -> Response[Token]:
    """Exchange a client assertion for an access token."""
    council: Council = request.app.state.council
    rates = council.home.settings.rates
    with counted(request, "token", rates.token):
        granted = access.token(
            council,
            data,
            Challenges(council),
            lambda seat: request.app.state.limits.ask(f"token {seat}", rates.token_of_seat),
        )
    return Response(granted, headers={"cache-control": "no-store"})


@post(HAVE_PATH, status_code=200, guards=[require_seat], responses=_refusals(401, 403, 404), sync_to_thread=True)
def have(data: HaveAsked, request: Asking) -> HaveAnswer:
    """Return the last link that the council has of every seat's chain."""
    showing.shown(request.app.state.council, request.state["seat"], data.seen)
    return send.have(request.app.state.council, request.state["seat"])


@post(
    PUSH_PATH, status_code=200, guards=[require_seat], responses=_refusals(401, 403, 404, 409, 422), sync_to_thread=True
)
def push(data: Push, request: Asking) -> PushAnswer:
    """Receive revisions of one seat."""
    began = perf_counter()
    seat: Seat = request.state["seat"]
    answer = receive.push(request.app.state.council, seat, data)
    new = sum(result.outcome != "known" for result in answer.results)
    log.info("push", caller=seat.seat, count=len(answer.results), new=new, ms=round(1000 * (perf_counter() - began)))
    return answer


@post(PULL_PATH, status_code=200, guards=[require_seat], responses=_refusals(401, 403, 404), sync_to_thread=True)
def pull(data: Pull, request: Asking) -> PullAnswer:
    """Send the revisions that the laptop lacks."""
    began = perf_counter()
    seat: Seat = request.state["seat"]
    answer = send.pull(request.app.state.council, seat, data)
    count = len(answer.revisions)
    log.info("pull", caller=seat.seat, count=count, more=answer.more, ms=round(1000 * (perf_counter() - began)))
    return answer


@post(UNFINISHED_PATH, status_code=200, guards=[require_seat], responses=_refusals(401, 403, 404), sync_to_thread=True)
def report_unfinished(data: UnfinishedHere, request: Asking) -> UnfinishedAnswer:
    """Receive a laptop's report of its drafts, and send it the reports of the other laptops."""
    return unfinished.report(request.app.state.council, request.state["seat"], data)


@post(
    DEPOSIT_PATH,
    status_code=200,
    guards=[require_seat],
    responses=_refusals(401, 403, 404),
    request_max_body_size=SMALL_BODY,
    sync_to_thread=True,
)
def deposit(data: Deposit, request: Asking) -> Deposited:
    """Store a laptop's new recovery key in place of the one before."""
    seat: Seat = request.state["seat"]
    deposits.replace(request.app.state.council, seat, data.recovery)
    log.info("deposited", caller=seat.seat)
    return Deposited(seat.seat)


@get(HEALTH_PATH, responses=_refusals(), sync_to_thread=True)
def health(state: State) -> Health:
    """Whether the council and its store answer."""
    with state.council.store.reading() as connection:
        connection.execute(sa.text("SELECT 1"))
    return Health()


def _answer(refusal: Refusal, status: int, headers: dict[str, str] | None = None) -> Response[Refusal]:
    if status == HTTPStatus.UNAUTHORIZED:
        headers = {"www-authenticate": "Bearer", **(headers or {})}
    return Response(refusal, status_code=status, media_type="application/json", headers=headers)


def refused(_: Asking, error: Refused) -> Response[Refusal]:
    """Answer with a refusal of the council, unchanged."""
    log.info("refused", code=error.refusal.code)
    seconds = error.refusal.more.get("seconds")
    retry = {"retry-after": str(seconds)} if seconds else None
    return _answer(error.refusal, error.status, retry)


_WORDS = {
    400: "The request cannot be read. It is not what the wire describes.",
    404: "There is nothing here.",
    405: "There is nothing to do here in that way.",
    413: "The request is larger than the wire carries. Send fewer records at once.",
    415: "The request is in a form that the council does not read.",
}


def refused_by_litestar(_: Asking, error: HTTPException) -> Response[Refusal]:
    """Answer a request that the framework refuses in the council's words, with what the framework says of the fields."""
    status = error.status_code
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return failed(_, error)
    code = {404: "not_found", 405: "not_found", 413: "too_large", 429: "too_fast"}.get(status, "bad_request")
    extra = error.extra if isinstance(error.extra, list) else []
    problems = [
        f"{problem.get('key', '')}: {problem.get('message', '')}" for problem in extra if isinstance(problem, dict)
    ][:20]
    refusal = Refusal(code, _WORDS.get(status, _WORDS[400]), None, {"problems": problems} if problems else {})
    return _answer(refusal, status, dict(error.headers or {}))


def hung_up(_: Asking, __: HungUp) -> Response[None]:
    """Log that the caller hung up. Nobody reads this answer."""
    log.info("hung_up")
    return Response(None, status_code=STATUS["bad_request"])


def unavailable(_: Asking, error: Unavailable) -> Response[Refusal]:
    """Answer that the store failed. Nothing of the request was stored."""
    log.error("unavailable", error=type(error.__cause__ or error).__name__)
    status = HTTPStatus.INSUFFICIENT_STORAGE if isinstance(error, StoreFull) else HTTPStatus.SERVICE_UNAVAILABLE
    return _answer(Refusal("unavailable", str(error)), status, {"retry-after": "30"})


def failed(_: Asking, error: Exception) -> Response[Refusal]:
    """Answer that the council failed, and log the fault and its place."""
    log.error("failed", error=type(error).__name__, place=place(error))
    refusal = Refusal("failed", "The council met a fault of its own. It has been noted. Try again later.")
    return _answer(refusal, STATUS["failed"])


def application(council: Council, limits: Limits) -> Litestar:
    """The web application for an opened store."""
    for message in (Look, Enrol, TokenRequest, HaveAsked, Push, Pull, UnfinishedHere, Deposit):
        readable(message)  # Litestar reads them itself
    return Litestar(
        route_handlers=[look, enrol, token, have, push, pull, report_unfinished, deposit, health],
        guards=[check_protocol],
        state=State({"council": council, "limits": limits}),
        request_class=ReadRequest,
        request_max_body_size=LARGEST_BODY,
        exception_handlers={
            Refused: refused,
            HTTPException: refused_by_litestar,
            HungUp: hung_up,
            Unavailable: unavailable,
            Exception: failed,
        },
        openapi_config=OpenAPIConfig(
            title="HIPSS council server",
            version=str(PROTOCOL),
            path="/schema",
            render_plugins=[JsonRenderPlugin(path="/")],
        ),
        logging_config=None,
        on_shutdown=[council.close],
    )


def create() -> ASGIApp:
    """The web application for the folder that the environment names. Each process of a server runs it."""
    memory.keep_to_itself()
    start()
    home = Home(default_folder())
    council = showing.started(Council(home, opened(home), times.program_clock(home.folder)))
    holding.catch_up(council)
    enrolment.key_codes(council)
    deposits.seal_all(council)
    deposits.forget_former(council)
    limits = Limits(council.store)
    guard.patience = home.settings.patience
    guard.crowd = Crowd(home.settings, limits)
    return checked(signing(application(council, limits), council), council.clock)
