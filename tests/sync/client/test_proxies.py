"""A proxy setting of the laptop: used where it can be, passed over where it cannot, and named where no answer comes."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hipss_desktop import times
from hipss_desktop.services.enrolment import Refused, Unreachable
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.services.sync_loop import SyncLoop
from sync.client.https import HttpsCouncil
from tests.helpers.command_line import Hipss
from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.https_council import ConnectProxy, certificate_for_this_machine
from tests.helpers.stations import Station

VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
UNUSABLE = (
    "socks://127.0.0.1:1080",
    "socks5://127.0.0.1:1080",
    "socks4://127.0.0.1:1080",
    "http://127.0.0.1:83l7",
    "http://127.0.0.1:99999",
    "http://[::1",
    "http://proxy..example:3128",
    "http://",
    "://",
    "\u2028",
)


@dataclass
class SecureCouncil:
    """A council over HTTPS."""

    server: CouncilServer
    url: str

    @property
    def host(self) -> str:
        """Host and port."""
        return self.url.removeprefix("https://")


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecureCouncil]:
    """A council that serves over HTTPS under a certificate that this test's processes trust."""
    folder = tmp_path_factory.mktemp("secure")
    certificate, key = certificate_for_this_machine(folder)
    server = CouncilServer(folder / "council")
    server.init()
    server.start("--certificate", str(certificate), "--key", str(key))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(certificate))
        yield SecureCouncil(server, server.url.replace("http://", "https://"))
    server.stop()


@pytest.fixture(autouse=True)
def _no_proxy_of_the_person_testing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def station(tmp_path: Path, secure: SecureCouncil) -> Iterator[Station]:
    """A laptop that has joined the council over HTTPS."""
    laptop = Station(tmp_path / "home")
    laptop.enrol(secure.url, secure.server.invite())
    laptop.close()
    yield laptop
    laptop.close()


def nobody() -> str:
    """An address of this machine at which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def no_answer(server: str) -> str:
    """What is said where no answer comes."""
    asking = HttpsCouncil(server, timeout=5)
    try:
        with pytest.raises(Unreachable) as away:
            asking.look("7KQ40M2X91")
    finally:
        asking.close()
    return str(away.value)


@pytest.mark.parametrize("proxy", UNUSABLE)
def test_sending_goes_on_where_a_proxy_cannot_be_used(
    station: Station, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    station.write("Rang about supper")
    loop = SyncLoop(station.opened.exchange, times.system_clock)
    loop.attempt()
    assert (loop.status().connection, loop.status().problem) == ("online", "")
    assert station.opened.store.waiting().waiting == 0


def test_the_sync_centre_says_which_setting_to_change(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    away = nobody()
    with station.opened.store.write() as unit:
        unit.set(StoreSetting.SERVER, f"https://{away}")
    station.close()
    monkeypatch.setenv("ALL_PROXY", "socks://127.0.0.1:1080")
    loop = SyncLoop(station.opened.exchange, times.system_clock)
    loop.attempt()
    assert loop.status().connection == "offline"
    (trouble,) = station.opened.services.sync_centre.centre(loop.status()).problems
    assert trouble.title == "The council cannot be reached"
    assert trouble.words.startswith(
        f"No answer from {away}. This laptop’s proxy setting (ALL_PROXY) cannot be used, so it was passed over. "
    )


@pytest.mark.parametrize("proxy", UNUSABLE)
def test_a_proxy_that_cannot_be_used_is_named_where_no_answer_comes(
    monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    away = nobody()
    monkeypatch.setenv("ALL_PROXY", proxy)
    assert no_answer(f"https://{away}") == (
        f"No answer from {away}. This laptop’s proxy setting (ALL_PROXY) cannot be used, so it was passed over."
    )


def test_the_proxy_for_https_is_used_beside_one_for_all_that_cannot_be(
    station: Station, secure: SecureCouncil, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("all_proxy", "socks://127.0.0.1:1080")
    with ConnectProxy() as proxy:
        for value in (proxy.url, proxy.url.removeprefix("http://")):
            proxy.asked.clear()
            monkeypatch.setenv("https_proxy", value)
            station.sync()
            station.close()
            assert set(proxy.asked) == {secure.host}


def test_a_proxy_that_does_not_answer_is_named(secure: SecureCouncil, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://{nobody()}")
    assert no_answer(secure.url) == f"No answer from {secure.host} through this laptop’s proxy (HTTPS_PROXY)."
    monkeypatch.delenv("HTTPS_PROXY")
    monkeypatch.setenv("Https_Proxy", f"http://{nobody()}")  # read, and under no name that people know
    assert no_answer(secure.url) == f"No answer from {secure.host} through this laptop’s proxy (system settings)."


@pytest.mark.parametrize(
    "excepted", ["127.0.0.1", "*", "other.example, 127.0.0.0/8", "https://127.0.0.1", "other.example,*"]
)
def test_an_exception_for_the_council_is_enough(
    station: Station, monkeypatch: pytest.MonkeyPatch, excepted: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://{nobody()}")
    monkeypatch.setenv("NO_PROXY", excepted)
    station.sync()


@pytest.mark.parametrize(
    "excepted", ["council.example", ".council.example", "*.council.example", "hipss.council.example"]
)
def test_an_exception_for_the_councils_domain_names_it_too(monkeypatch: pytest.MonkeyPatch, excepted: str) -> None:
    with ConnectProxy() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", excepted)
        assert "proxy" not in no_answer("https://hipss.council.example")
        monkeypatch.setenv("NO_PROXY", "other.example,ouncil.example,10.0.0.0/8")
        assert "proxy (HTTPS_PROXY)" in no_answer("https://hipss.council.example")


def test_this_machine_is_never_asked_through_a_proxy(council: CouncilServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://{nobody()}")
    monkeypatch.setenv("ALL_PROXY", "socks://127.0.0.1:1080")
    asking = HttpsCouncil(council.url)
    try:
        with pytest.raises(Refused):
            asking.look("7KQ40M2X91")
    finally:
        asking.close()


@pytest.mark.parametrize("proxy", UNUSABLE[:4])
def test_the_command_line_says_one_sentence_and_fails(
    station: Station, secure: SecureCouncil, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    hipss = Hipss(station.home.path)
    assert hipss.say("sync").code == 0
    code = secure.server.invite("B. Newcomer")
    away = nobody()
    answer = hipss.say("enrol", "--server", away, "--code", code, "--name", "B. Newcomer")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == (
        f"No answer from {away}. This laptop’s proxy setting (ALL_PROXY) cannot be used, so it was passed over. "
        "Check the address and your network, then try again.\n"
    )
