"""Which connections a process keeps when there are too many: the oldest of the address that has most gives way.

Only one on which the council waits for its client is cut, never one whose request is being answered. So somebody who opens
hundreds and sends nothing hurts those; a request that comes whole at once is answered, also from the same address. Must not
know how connections are read.
"""

import ipaddress
from typing import Protocol

from hipss_desktop.errors import UserError
from sync.council.home import Settings
from sync.council.limits import Limits

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Connection(Protocol):
    """What is asked of a connection."""

    def waits_for_client(self) -> bool:
        """Whether the client owes something, or the connection is idle."""
        ...

    def cut(self) -> None:
        """End it now."""
        ...


class Crowd:
    """The open connections of this process by the address that they came from, the oldest first."""

    def __init__(self, settings: Settings, limits: Limits | None = None) -> None:
        """Begin with no connection; slow headers are counted in ``limits``, nowhere when None."""
        self._allowed = settings.connections
        self._slow_headers = settings.rates.slow_headers
        self._proxies = trusted_proxies(settings)
        self._limits = limits
        self._of: dict[str, dict[Connection, None]] = {}

    def join(self, connection: Connection, address: str) -> None:
        """Let one in; another one gives way where there are too many."""
        if len(self._of.get(address, ())) >= self._allowed.of_address and not self._is_proxy(address):
            self._make_room(address)
        elif sum(map(len, self._of.values())) >= self._allowed.most:
            self._make_room(max(self._of, key=lambda one: len(self._of[one])))
        self._of.setdefault(address, {})[connection] = None

    def leave(self, connection: Connection, address: str) -> None:
        """Forget one that has ended."""
        theirs = self._of.get(address, {})
        theirs.pop(connection, None)
        if not theirs:
            self._of.pop(address, None)

    def note_slow_header(self, address: str) -> None:
        """Count a header that was not whole in time against its address."""
        if self._limits is not None and not self._is_proxy(address):
            self._limits.count(f"slow {address}")

    def is_slow(self, address: str) -> bool:
        """Whether too many headers of this address were not whole in time."""
        return self._limits is not None and self._limits.asked(f"slow {address}") >= self._slow_headers

    def _make_room(self, address: str) -> None:
        waiting = next((one for one in self._of[address] if one.waits_for_client()), None)
        if waiting is not None:
            self.leave(waiting, address)
            waiting.cut()

    def _is_proxy(self, address: str) -> bool:
        try:
            return any(ipaddress.ip_address(address) in network for network in self._proxies)
        except ValueError:
            return False


def trusted_proxies(settings: Settings) -> list[Network]:
    """The networks of the proxies in the settings; raises UserError where one is no address."""
    try:
        return [ipaddress.ip_network(proxy) for proxy in settings.proxies]
    except ValueError as wrong:
        raise UserError(
            "A proxy in the council's settings (council.json) is no address. Write it like 192.0.2.1 or 192.0.2.0/24."
        ) from wrong
