"""A seat's chain: the next link is built and signed in one way, and what does not belong to it is told."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest
from joserfc.jwk import OKPKey

from hipss_desktop.errors import UserError
from hipss_desktop.records.chain import (
    FEW,
    NO_LINK,
    Link,
    Signer,
    Unverified,
    follows,
    link_of,
    next_revision,
    verify_many,
)
from hipss_desktop.records.revision import LARGEST_BODY, Revision, body_bytes, opened, verify

KEY = OKPKey.generate_key("Ed25519")
SIGNER = Signer("a person", "a laptop", "a seat", KEY)


def signed_after(last: Link, body: bytes = body_bytes({"advice": "Ring back."}, ["advice"]), **more: Any) -> Revision:
    return next_revision(
        last,
        SIGNER,
        record="r",
        kind="contact",
        schema=1,
        parents=("b", "a"),
        clock="2017-03-14T02:14:00.000+00:00",
        action="finish",
        body=body,
        **more,
    )


def chain_of(length: int) -> list[Revision]:
    links: list[Revision] = []
    for _ in range(length):
        links.append(signed_after(link_of(links[-1]) if links else NO_LINK))
    return links


def test_the_next_revision_names_the_last_link_and_verifies_as_it_travels() -> None:
    first, second = chain_of(2)
    assert (first.envelope.number, first.envelope.previous) == (1, None)
    assert (second.envelope.number, second.envelope.previous) == (2, first.digest)
    assert (second.envelope.author, second.envelope.device, second.envelope.seat) == ("a person", "a laptop", "a seat")
    assert second.envelope.parents == ["a", "b"]
    assert opened(second.jws, second.salt, second.body) == second
    verify(second, KEY)


def test_the_first_link_of_a_seat_that_goes_on_names_the_former_seats_last() -> None:
    first = signed_after(Link(0, "the former seat's last digest"))
    assert (first.envelope.number, first.envelope.previous) == (1, "the former seat's last digest")
    assert follows(first, NO_LINK)


def test_every_body_has_a_salt_of_its_own_and_one_signed_before_keeps_its_salt() -> None:
    first, second = chain_of(2)
    assert first.salt != second.salt
    third = signed_after(link_of(second), salt=first.salt)
    assert (third.salt, third.envelope.body) == (first.salt, first.envelope.body)


def test_a_body_as_large_as_the_wire_carries_is_signed_and_one_byte_more_is_not() -> None:
    assert signed_after(NO_LINK, b"x" * LARGEST_BODY).body == b"x" * LARGEST_BODY
    with pytest.raises(UserError, match="too long to send"):
        signed_after(NO_LINK, b"x" * (LARGEST_BODY + 1))


def test_only_the_next_number_on_the_same_digest_follows() -> None:
    first, second, third = chain_of(3)
    assert follows(second, link_of(first))
    assert not follows(third, link_of(first))
    assert not follows(second, NO_LINK)
    assert not follows(second, link_of(second))
    assert not follows(second, Link(1, "another digest"))


@pytest.mark.parametrize("length", [1, FEW - 1, FEW, 40])
def test_each_signature_that_does_not_verify_is_found_and_named_wherever_it_is(length: int) -> None:
    links = chain_of(length)
    with ThreadPoolExecutor(2) as threads:
        verify_many(links, KEY, threads)
        for place in {0, length // 2, length - 1}:
            forged = msgspec.structs.replace(links[place], jws=f"{links[place].jws.rpartition('.')[0]}.{'A' * 86}")
            with pytest.raises(Unverified) as wrong:
                verify_many([*links[:place], forged, *links[place + 1 :]], KEY, threads)
            assert wrong.value.revision is forged


def test_of_several_signatures_that_do_not_verify_the_first_is_named() -> None:
    links = chain_of(2 * FEW)
    with ThreadPoolExecutor(2) as threads, pytest.raises(Unverified) as wrong:
        verify_many(links, OKPKey.generate_key("Ed25519"), threads)
    assert wrong.value.revision is links[0]
