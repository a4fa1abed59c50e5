"""The sentences for a request that got no answer from the council: what happened, so that a person knows what to mend.

Must not send anything.
"""

import socket
import ssl
from datetime import datetime

import httpx2

from hipss_desktop import times
from sync.client.certificates import NotValidThen, causes, refusal_of
from sync.client.network import is_online
from sync.client.proxies import Way

SOMEBODY_ELSE = (
    "Something else answered in the council’s place. "
    "If this network has a page to sign in, sign in there with a web browser first."
)
_NOT_NOW = (9, 10)
"""The codes of OpenSSL for a certificate that is not valid yet, and for one that has expired."""
_OTHER_NAME = (62, 64)
"""The codes of OpenSSL for a certificate that is for other names, and for other IP addresses."""


def sentence_for(failure: Exception, way: Way, now: datetime) -> str:
    """The sentence for a failed request; ``now`` is the time by this laptop's clock."""
    refused = refusal_of(failure)
    kinds = list(causes(failure))
    if isinstance(failure, NotValidThen):
        words = f"The certificate of {way.host} is not valid by the council’s own time. Tell those who run the council."
    elif refused is not None:
        words = _certificate_words(refused.verify_code, way.host, now)
    elif any(isinstance(cause, ssl.SSLError) for cause in kinds):
        words = f"No secure connection to {way.host} could be made, so nothing was sent."
    elif isinstance(failure, httpx2.ProxyError):
        words = f"This laptop’s proxy ({way.setting}) did not let the request to {way.host} through."
    elif any(isinstance(cause, socket.gaierror) for cause in kinds) and not is_online():
        words = f"This laptop is not on a network, so {way.host} was not found."
    elif any(isinstance(cause, socket.gaierror) for cause in kinds):
        named = f"this laptop’s proxy ({way.setting})" if way.is_proxied else way.host
        words = f"No machine was found by the name of {named}."
    elif way.is_proxied:
        words = f"No answer from {way.host} through this laptop’s proxy ({way.setting})."
    else:
        words = f"No answer from {way.host}."
    return f"{words}{way.passed_over}"


def _certificate_words(code: int, host: str, now: datetime) -> str:
    if code in _NOT_NOW:
        day = times.long_day(times.local_day(now))
        return (
            f"The certificate of {host} is not valid on {day}, which is today by this laptop’s clock. Check the clock."
        )
    if code in _OTHER_NAME:
        return f"The certificate that came is for another name than {host}, so nothing was sent."
    return f"This laptop does not trust the certificate of {host}, so nothing was sent."
