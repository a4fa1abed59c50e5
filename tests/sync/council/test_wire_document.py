"""The worked example in docs/wire.md is what the program does, and every message and refusal is described there."""

import re

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import OKPKey
from joserfc.util import urlsafe_b64encode

from hipss_desktop.records.revision import Envelope, body_bytes, body_digest, signed
from sync.council.refusals import STATUS
from sync.wire import messages
from sync.wire.tokens import public_x
from tests.helpers.council_fixtures import ROOT

DOCUMENT = (ROOT / "docs" / "wire.md").read_text(encoding="utf-8")
MESSAGES = [
    member
    for member in vars(messages).values()
    if isinstance(member, type) and issubclass(member, msgspec.Struct) and member.__module__ == messages.__name__
]


def test_the_worked_example_of_a_revision_comes_out_as_written() -> None:
    secret = bytes(range(32))
    public = Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
    x, d = (urlsafe_b64encode(part).decode("ascii") for part in (public, secret))
    key = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": x, "d": d})
    printed = re.findall(r"^(?: {7}| {4})(\S.*)$", DOCUMENT, re.MULTILINE)
    body, salt = body_bytes({"advice": "Leave the door open."}, ["advice"]), bytes(32)
    envelope = msgspec.json.decode(printed[3], type=Envelope)
    revision = signed(envelope, key, salt, body)
    assert printed == [public_x(key), body.decode(), body_digest(salt, body), printed[3], revision.jws, revision.digest]
    assert envelope.body == printed[2]


def test_every_refusal_is_explained() -> None:
    explained = set(re.findall(r"^\| [\d, ]+ \| `(\w+)`", DOCUMENT, re.MULTILINE))
    assert explained == set(STATUS)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.__name__)
def test_every_member_of_a_message_is_described(message: type[msgspec.Struct]) -> None:
    members = [member.encode_name for member in msgspec.structs.fields(message)]
    assert [member for member in members if not re.search(rf'["`]{member}["`=]', DOCUMENT)] == []
