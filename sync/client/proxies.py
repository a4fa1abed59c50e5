"""The way to the council: through the proxy that this laptop's settings name, or direct where the program cannot use it.

A desktop sets ALL_PROXY to kinds of proxy that this program does not speak (``socks://``); such a setting must not stop
the sending. Must not send anything.
"""

import ipaddress
import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2

from sync.client.addresses import split


class Way:
    """How the council is asked.

    Attributes:
        client: asks through the proxy, or direct.
        no_answer: what is said when nothing answers; it names a proxy setting that plays a part in that.
    """

    def __init__(self, address: str, **options: Any) -> None:
        """Prepare the client for one council; ``options`` are those of ``httpx2.Client``."""
        parts = urlsplit(address)
        proxy, setting = _proxy_for(parts)
        client = _client_through(proxy, options) if proxy else None
        passed_over = (
            f" This laptop’s proxy setting ({setting}) cannot be used, so it was passed over." if proxy else ""
        )
        self.no_answer = (
            f"No answer from {parts.netloc} through this laptop’s proxy ({setting})."
            if client
            else f"No answer from {parts.netloc}.{passed_over}"
        )
        self.client = client or httpx2.Client(trust_env=False, **options)


def _client_through(proxy: str, options: Mapping[str, Any]) -> httpx2.Client | None:
    """A client that asks through a proxy; None where the program cannot use it."""
    try:
        split(proxy)
        return httpx2.Client(proxy=proxy, trust_env=False, **options)
    except (ValueError, ImportError, httpx2.InvalidURL):  # ImportError: httpx2 speaks it with a library more
        return None


def _proxy_for(parts: SplitResult) -> tuple[str, str]:
    """The proxy's address and the setting that names it; ("", "") where the council is asked direct."""
    settings = getproxies() if parts.scheme == "https" else {}  # what is asked without TLS is this machine
    if proxy_bypass(parts.netloc) or _is_excepted(parts, settings.get("no", "")):
        return "", ""
    for scheme in (parts.scheme, "all"):
        proxy = settings.get(scheme, "")
        if proxy:
            variables = (f"{scheme}_proxy", f"{scheme}_proxy".upper())
            setting = next((name for name in variables if os.environ.get(name)), "system settings")
            return (proxy if "://" in proxy else f"http://{proxy}"), setting
    return "", ""


def _is_excepted(parts: SplitResult, no_proxy: str) -> bool:
    """Whether NO_PROXY names the host, a domain that it is in, a network that it is in, or everything."""
    host = parts.hostname or ""
    for entry in no_proxy.lower().split(","):
        name = entry.strip().rpartition("://")[2]
        domain = name.lstrip("*.")
        if name == "*" or domain in (host, parts.netloc) or (domain and host.endswith(f".{domain}")):
            return True
        with suppress(ValueError):  # one of the two is a name
            if ipaddress.ip_address(host) in ipaddress.ip_network(name.strip("[]"), strict=False):
                return True
    return False
