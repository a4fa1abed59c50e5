"""Limit the open connections of a process: if there are too many, cut the oldest one of the address with the most.

Only a connection that waits for its client is cut, never one whose request is being answered. So a client that opens hundreds
of connections and sends nothing loses those. A request that arrives complete at once is answered, also from the same address.
Must not know how connections are read.
"""

import ipaddress
from typing import Protocol

from hipss_desktop.errors import UserError
from sync.council.home import Settings
from sync.council.limits import Limits

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Connection(Protocol):
    """A connection that can be cut."""

    def waits_for_client(self) -> bool:
        """Return whether the council waits for the client, or the connection is idle."""
        ...

    def cut(self) -> None:
        """Close the connection now."""
        ...


class Crowd:
    """The open connections of this process by the client's address, the oldest first."""

    def __init__(self, settings: Settings, limits: Limits | None = None) -> None:
        """Begin without connections; ``limits`` counts slow headers, None does not count them."""
        self._allowed = settings.connections
        self._slow_headers = settings.rates.slow_headers
        self._proxies = trusted_proxies(settings)
        self._limits = limits
        self._of: dict[str, dict[Connection, None]] = {}

    def join(self, connection: Connection, address: str) -> None:
        """Add a connection; cut another one if there are too many."""
        if len(self._of.get(address, ())) >= self._allowed.of_address and not self._is_proxy(address):
            self._make_room(address)
        elif sum(map(len, self._of.values())) >= self._allowed.most:
            self._make_room(max(self._of, key=lambda client_address: len(self._of[client_address])))
        self._of.setdefault(address, {})[connection] = None

    def leave(self, connection: Connection, address: str) -> None:
        """Remove a connection that has ended."""
        theirs = self._of.get(address, {})
        theirs.pop(connection, None)
        if not theirs:
            self._of.pop(address, None)

    def note_slow_header(self, address: str) -> None:
        """Count a header that was not complete in time against its address."""
        if self._limits is not None and not self._is_proxy(address):
            self._limits.count(f"slow {address}")

    def is_slow(self, address: str) -> bool:
        """Return whether too many headers of this address were not complete in time."""
        return self._limits is not None and self._limits.count_now(f"slow {address}") >= self._slow_headers

    def _make_room(self, address: str) -> None:
        waiting = next((connection for connection in self._of[address] if connection.waits_for_client()), None)
        if waiting is not None:
            self.leave(waiting, address)
            waiting.cut()

    def _is_proxy(self, address: str) -> bool:
        try:
            return any(ipaddress.ip_address(address) in network for network in self._proxies)
        except ValueError:
            return False


def trusted_proxies(settings: Settings) -> list[Network]:
    """Return the networks of the proxies in the settings; raises UserError if a proxy is not an address."""
    try:
        return [ipaddress.ip_network(proxy) for proxy in settings.proxies]
    except ValueError as wrong:
        raise UserError(
            "A proxy in the council's settings (council.json) is no address. Write it like 192.0.2.1 or 192.0.2.0/24."
        ) from wrong
