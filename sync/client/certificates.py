"""Check the council's TLS certificate when this laptop's clock cannot say whether the certificate is valid now.

A laptop whose clock is years out finds every certificate expired, or not valid yet. Then OpenSSL checks everything but the time,
and this module compares the whole chain with the council's own time. Only the council's signed answer proves that time, so
before it only a question without content may be sent. Must not decide whose answer it is: ``sync.client.https`` does that.
"""

import ssl
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from cryptography import x509

_NO_CHECK_TIME = ssl.VerifyFlags(0x200000)
"""``X509_V_FLAG_NO_CHECK_TIME`` of OpenSSL 1.1.0 and later, which Python does not name."""
_DER = 2
"""``ssl.ENCODING_DER``, which Python names only inside its module."""


def own_certificates() -> ssl.SSLContext:
    """Check a server by the certificates that this laptop trusts."""
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def at_any_time() -> ssl.SSLContext:
    """Check a server by the certificates that this laptop trusts, at no time at all: ``Chains`` must check that."""
    context = ssl.create_default_context()
    context.verify_flags |= _NO_CHECK_TIME
    return context


def refusal_of(failure: BaseException) -> ssl.SSLCertVerificationError | None:
    """Return the refused certificate that a request failed by, None if it failed otherwise."""
    return next((cause for cause in causes(failure) if isinstance(cause, ssl.SSLCertVerificationError)), None)


def is_about_certificate(failure: BaseException) -> bool:
    """Whether a request failed by the server's certificate."""
    return isinstance(failure, NotValidThen) or refusal_of(failure) is not None


def causes(failure: BaseException) -> Iterator[BaseException]:
    """Yield an exception and those that it came from."""
    cause: BaseException | None = failure
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


class NotValidThen(Exception):
    """A certificate of the server's chain is not valid at the council's time."""


class Chains:
    """The certificates of the connections of one client, compared with the council's time."""

    def __init__(self, council_now: Callable[[], datetime | None]) -> None:
        """Compare with ``council_now``, which is None as long as nothing proved the council's time."""
        self._council_now = council_now
        self._not_compared: list[x509.Certificate] = []

    def trace(self, event: str, details: Mapping[str, Any]) -> None:
        """Check the chain of a new TLS connection before anything is sent on it (httpcore's ``trace`` extension).

        Raises:
            NotValidThen: a certificate is not valid at the council's time.
        """
        if not event.endswith(".start_tls.complete"):
            return
        stream = details["return_value"]
        chain = _verified_chain(stream.get_extra_info("ssl_object"))
        self._not_compared += chain
        try:
            if not chain:
                raise NotValidThen
            if self._council_now() is not None:
                self.compare()
        except NotValidThen:
            stream.close()  # nobody else knows the connection yet
            raise

    def compare(self) -> None:
        """Check the chains that were not checked yet.

        Raises:
            NotValidThen: a certificate is not valid at the council's time, or nothing proved that time.
        """
        now, certificates, self._not_compared = self._council_now(), self._not_compared, []
        if now is None or not all(
            certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc for certificate in certificates
        ):
            raise NotValidThen


def _verified_chain(tls: Any) -> list[x509.Certificate]:
    """Return the chain that OpenSSL verified, the trusted certificate included."""
    while not hasattr(tls, "get_verified_chain"):
        tls = tls._sslobj  # before Python 3.13 only the inner object has it; truststore does the same
    chain = tls.get_verified_chain() or ()
    encoded = [
        certificate if isinstance(certificate, bytes) else certificate.public_bytes(_DER) for certificate in chain
    ]
    return [x509.load_der_x509_certificate(certificate) for certificate in encoded]
