"""Check addresses that people type or that settings name, before a request is sent to them. Must not send anything."""

import ipaddress
import re
import unicodedata
from urllib.parse import SplitResult, urlsplit

from hipss_desktop.errors import UserError

LIKE = "Enter the council’s address, like https://hipss.council.example"
UNPROTECTED = "Enter an address that begins with https://. Records are never sent unprotected."
_UNSEEN = ("Cc", "Cf")
_SCHEMES = ("https", "http")
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", re.IGNORECASE)


def checked_address(typed: str) -> str:
    """Return the council's address with its scheme, without invisible characters or a slash or full stop at the end.

    Raises:
        UserError: the address is neither an https address nor an http address of this machine.
    """
    visible = "".join(character for character in typed if unicodedata.category(character) not in _UNSEEN)
    address = visible.strip().rstrip("/.")
    if "://" not in address:
        address = f"https://{address}"
    try:
        parts = split(address)
    except ValueError as slip:
        raise UserError(LIKE, "server") from slip
    host = parts.hostname or ""
    if parts.scheme not in _SCHEMES or host in _SCHEMES or "@" in parts.netloc or parts.query or parts.fragment:
        raise UserError(LIKE, "server")
    if parts.scheme == "http" and not _is_this_machine(host):
        raise UserError(UNPROTECTED, "server")
    return parts.geturl()  # writes the scheme in small letters


def split(address: str) -> SplitResult:
    """Return the parts of an address; raises ValueError if its host or port is not valid."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    _ = parts.port  # raises ValueError if the port is not a number, or too large
    if _ip_address(host) is None and not _HOST.fullmatch(host.encode("idna").decode()):
        raise ValueError("no host")
    return parts


def _is_this_machine(host: str) -> bool:
    address = _ip_address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def _ip_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
