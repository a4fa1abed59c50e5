"""Run the council server: open a socket, start one or more processes of the application, and set their limits.

Prints "Serving on ..." to standard output as soon as the server answers. Must not be imported by the application.
"""

import os
import signal
import socket
import sys
import threading
from pathlib import Path
from time import sleep

import uvicorn
from uvicorn.supervisors import Multiprocess

from hipss_desktop import times
from hipss_desktop.errors import Unavailable, UserError
from sync.council import deposits
from sync.council.bodies import OLDER, keys_are_older, note_lacking
from sync.council.chain import Council
from sync.council.crowd import trusted_proxies
from sync.council.guard import LARGEST_HEADER
from sync.council.home import HOME_VARIABLE, Home
from sync.council.opening import opened
from sync.council.rotation import catch_up

SPARE = 100
"""Extra connections for those that are being closed to make room (``crowd.Crowd``) while new ones are open already."""

LOCAL = ("127.0.0.1", "::1", "localhost")


def serve(home: Home, host: str, port: int, *, certificate: Path | None, key: Path | None, workers: int) -> None:
    """Serve until told to stop.

    Args:
        home: the council's folder.
        host, port: the address to listen on; port 0 means any free port.
        certificate, key: PEM files; with both, HTTPS.
        workers: the number of processes.

    Raises:
        UserError: only one of certificate and key is given, or a proxy in the settings is not an address.
        Unavailable: the address is not available, the store cannot be opened, or the signing key does not match the store.
    """
    if (certificate is None) != (key is None):
        raise UserError("Give both --certificate and --key, or neither.")
    _ = home.key
    proxies = trusted_proxies(home.settings)
    store = opened(home)
    try:
        council = Council(home, store, times.program_clock(home.folder))
        catch_up(council)
        note_lacking(store)
        with store.reading() as connection:
            troubles = [fault for fault, _ in deposits.troubles(council, connection)]
            troubles += [OLDER] * keys_are_older(connection)
        if troubles:
            sys.stderr.write("\n".join([*troubles, "Run hipss-council doctor.", ""]))
    finally:
        store.close()
    os.environ[HOME_VARIABLE] = str(home.folder.resolve())
    config = uvicorn.Config(
        "sync.council.app:create",
        factory=True,
        host=host,
        port=port,
        http="sync.council.guard:GuardedProtocol",
        ws="none",
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,  # sync.council.asking.checked adds the council's own time
        proxy_headers=bool(proxies),
        forwarded_allow_ips=home.settings.proxies,
        ssl_certfile=certificate,
        ssl_keyfile=key,
        h11_max_incomplete_event_size=LARGEST_HEADER,
        limit_concurrency=home.settings.connections.most + SPARE,
        backlog=512,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=5,
    )
    bound = _bound(host, port)
    port = bound.getsockname()[1]
    scheme = "https" if certificate else "http"
    if scheme == "http" and host not in LOCAL:
        sys.stderr.write("Laptops refuse a council without TLS on another machine. Put TLS in front of it.\n")
    threading.Thread(target=_announce, args=(scheme, host, port), daemon=True).start()
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    if workers > 1:
        Multiprocess(config, sockets=[bound]).run()
    else:
        uvicorn.Server(config).run(sockets=[bound])


def _stop(number: int, _: object) -> None:
    """Exit without an error: uvicorn raises the signal again, for the handler set before its own, after it has shut down."""
    raise SystemExit(0)


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio disables Nagle's algorithm only if the protocol is named; otherwise each answer would be 40 ms late.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as taken:
        raise Unavailable(f"Port {port} on {host} cannot be had: {taken.strerror}.") from taken
    bound.set_inheritable(True)
    return bound


def _announce(scheme: str, host: str, port: int) -> None:
    """Print the server's address once it accepts connections, which is when the application is ready."""
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    while True:
        try:
            socket.create_connection((reached, port), timeout=1).close()
            break
        except OSError:
            sleep(0.05)
    shown = f"[{host}]" if ":" in host else host
    sys.stdout.write(f"Serving on {scheme}://{shown}:{port}\n")
    sys.stdout.flush()
