"""Choose how to reach the council: through the proxy in this laptop's settings, or directly if the program cannot use it.

A desktop may set ALL_PROXY to a kind of proxy that this program does not support (``socks://``). Such a setting must not
prevent syncing. Must not send anything.
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
    """The connection to the council, through a proxy or direct.

    Attributes:
        client: the HTTP client, which uses the proxy if there is a usable one.
        host: the council's host, with its port if the address has one.
        setting: the setting that names the proxy, '' if there is none; ``is_proxied`` says whether the client uses it.
        passed_over: a sentence if the proxy cannot be used, else ''.
    """

    def __init__(self, address: str, **options: Any) -> None:
        """Prepare the client for one council; ``options`` are those of ``httpx2.Client``."""
        parts = urlsplit(address)
        proxy, setting = _proxy_for(parts)
        client = _client_through(proxy, options) if proxy else None
        self.host, self.setting, self.is_proxied = parts.netloc, setting, client is not None
        is_unusable = bool(proxy) and client is None
        self.passed_over = (
            f" This laptop’s proxy setting ({setting}) cannot be used, so it was passed over." if is_unusable else ""
        )
        self.client = client or httpx2.Client(trust_env=False, **options)


def _client_through(proxy: str, options: Mapping[str, Any]) -> httpx2.Client | None:
    """Return a client that uses a proxy, or None if the program cannot use the proxy."""
    try:
        split(proxy)
        return httpx2.Client(proxy=proxy, trust_env=False, **options)
    except (ValueError, ImportError, httpx2.InvalidURL):  # ImportError: httpx2 needs another library for this proxy
        return None


def _proxy_for(parts: SplitResult) -> tuple[str, str]:
    """Return the proxy's address and the setting that names it; ("", "") if the council is reached directly."""
    settings = getproxies() if parts.scheme == "https" else {}  # without TLS, the address is on this machine
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
    """Return whether NO_PROXY names the host, the host's domain, the host's network, or everything."""
    host = parts.hostname or ""
    for entry in no_proxy.lower().split(","):
        name = entry.strip().rpartition("://")[2]
        domain = name.lstrip("*.")
        if name == "*" or domain in (host, parts.netloc) or (domain and host.endswith(f".{domain}")):
            return True
        with suppress(ValueError):  # the host or the entry is a name, not an IP address
            if ipaddress.ip_address(host) in ipaddress.ip_network(name.strip("[]"), strict=False):
                return True
    return False
