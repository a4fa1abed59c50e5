"""Check addresses that people type or that settings name, before a request is sent to them. Must not send anything."""

import ipaddress
import re
import unicodedata
from urllib.parse import SplitResult, urlsplit

from hipss_desktop.errors import UserError

LIKE = "Enter the council’s address, like https://hipss.council.example"
UNPROTECTED = "Enter an address that begins with https://. Records are never sent unprotected."
_UNSEEN = ("Cc", "Cf")
_AROUND = " \t\u00a0\u202f,;<>()\"'\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb"
"""Spaces, brackets and quotation marks that a document has around an address."""
_IN_NAMES = str.maketrans("", "", "-._")
_SCHEMES = ("https", "http")
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", re.IGNORECASE)


def checked_address(typed: str) -> str:
    """Return the council's address with its scheme, without what a document puts into it or around it.

    Raises:
        UserError: the address is neither an https address nor an http address of this machine.
    """
    visible = "".join(character for character in typed if unicodedata.category(character) not in _UNSEEN)
    dashed = "".join("-" if unicodedata.category(character) == "Pd" else character for character in visible)
    address = dashed.lstrip(_AROUND).rstrip(f"{_AROUND}/.")
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
    if _ip_address(host) is None:
        # "idna" turns a quotation mark into a name that nobody has
        marks = any(unicodedata.category(character)[0] in "PSZ" for character in host.translate(_IN_NAMES))
        if marks or not _HOST.fullmatch(host.encode("idna").decode()):
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
