"""Why no answer came from the council, in one sentence: what a person can mend is named."""

from pathlib import Path

import pytest

from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.https_council import ConnectProxy, certificate_for_this_machine
from tests.sync.client.test_proxies import no_answer, nobody


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_a_name_that_is_not_known_is_said() -> None:
    assert no_answer("https://hipss.invalid") in (
        "No machine was found by the name of hipss.invalid.",
        "This laptop is not on a network, so hipss.invalid was not found.",
    )


def test_a_server_that_does_not_speak_tls_is_said(council: CouncilServer) -> None:
    host = council.url.removeprefix("http://")
    assert no_answer(f"https://{host}") == f"No secure connection to {host} could be made, so nothing was sent."


def test_a_proxy_that_lets_nothing_through_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    away = nobody()
    with ConnectProxy() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        assert no_answer(f"https://{away}") == (
            f"This laptop’s proxy (HTTPS_PROXY) did not let the request to {away} through."
        )


def test_a_proxy_whose_name_is_not_known_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid:3128")
    assert no_answer("https://127.0.0.1:9") in (
        "No machine was found by the name of this laptop’s proxy (HTTPS_PROXY).",
        "This laptop is not on a network, so 127.0.0.1:9 was not found.",
    )


@pytest.mark.parametrize(
    "content", ["", "not a certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_certificates_of_the_laptop_that_cannot_be_read_are_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    certificate, key = certificate_for_this_machine(tmp_path)
    server = CouncilServer(tmp_path / "council")
    server.init()
    server.start("--certificate", str(certificate), "--key", str(key))
    broken = tmp_path / "broken.pem"
    broken.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(broken))
    try:
        host = server.url.removeprefix("https://")
        assert no_answer(server.url) == f"This laptop does not trust the certificate of {host}, so nothing was sent."
    finally:
        server.stop()
