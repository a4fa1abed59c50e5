"""The secrets in the council's key file: those for each purpose, and the tree from which the key of each text is derived.

The key of each text is derived from the tree along a path of branches, which the text's digest selects. To destroy one key,
its path is deleted and the branches beside the path are saved. Every other key can still be derived, but nobody can derive the
destroyed one (a puncturable pseudorandom function, after Goldreich, Goldwasser and Micali 1986, with keyed BLAKE2s, RFC 7693).
So the folder does not grow with the number of texts, and a copy of it from last year decrypts all that was written since. Must
not know the store.
"""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from hipss_desktop.decoding import NotReadable, decoded
from hipss_desktop.errors import Tampered, Unavailable
from sync.council.secret_files import SecretFile, replace_secret

KEY_BYTES = 32
BRANCHES = {branch: branch.encode("ascii") for branch in "0123456789abcdef"}
PLACE_BYTES = 8
"""Bytes of a text's place in the tree.

A place is computed from the digest and a secret, so that nobody can construct a text with the place of another one. The
probability that two of a million texts have the same place, and so the same key, is 1 in 37 million.
"""


class Tree(msgspec.Struct, frozen=True):
    """The tree from which the keys of texts are derived.

    Attributes:
        number: 1, 2, 3 …; each stored text names the number of the tree that encrypted it.
        places: the secret from which the places of texts are computed.
        nodes: the secrets of the remaining branches, by their place. Until a key is destroyed, the only place is ''.
    """

    number: int
    places: bytes
    nodes: dict[str, bytes]

    def key_of(self, digest: str) -> bytes | None:
        """Return the key of the text with that digest, or None if it was destroyed."""
        place = self._place(digest)
        for depth in range(len(place) + 1):
            node = self.nodes.get(place[:depth])
            if node is not None:
                for branch in place[depth:]:
                    node = _child(node, branch)
                return node
        return None

    def holds(self, digest: str) -> bool:
        """Return whether the key of the text with that digest can be derived."""
        place = self._place(digest)
        return any(place[:depth] in self.nodes for depth in range(len(place) + 1))

    def without(self, digests: Iterable[str]) -> "Tree":
        """Return a tree from which every key except the keys of these texts can be derived."""
        nodes = dict(self.nodes)
        for place in map(self._place, digests):
            start = next((depth for depth in range(len(place) + 1) if place[:depth] in nodes), None)
            if start is None:
                continue
            node = nodes.pop(place[:start])
            for depth in range(start, len(place)):
                for branch in BRANCHES:
                    if branch != place[depth]:
                        nodes[place[:depth] + branch] = _child(node, branch)
                node = _child(node, place[depth])
        return Tree(self.number, self.places, nodes)

    def _place(self, digest: str) -> str:
        return hashlib.blake2s(digest.encode("ascii", "replace"), key=self.places, digest_size=PLACE_BYTES).hexdigest()


class FolderKeys(msgspec.Struct, frozen=True):
    """All secrets of the key file at one moment.

    Attributes:
        texts: the trees, the newest last; the newest encrypts texts. There are two during a rotation.
        purposes: the secrets of each purpose, the newest last.
    """

    texts: list[Tree]
    purposes: dict[str, list[bytes]]

    def holds(self, digest: str) -> bool:
        """Return whether the key of the text with that digest exists; a key is destroyed in all trees at once."""
        return all(tree.holds(digest) for tree in self.texts)

    def tree(self, number: int) -> Tree | None:
        """Return the tree with that number, or None if it is not in this folder (any more)."""
        return next((tree for tree in self.texts if tree.number == number), None)

    def without(self, digests: Iterable[str]) -> "FolderKeys":
        """Return these secrets without the keys of these texts."""
        gone = list(digests)
        return FolderKeys([tree.without(gone) for tree in self.texts], self.purposes)


class KeyFile:
    """The file of the secrets. Another process may replace it, so each reading returns its present content."""

    def __init__(self, file: Path) -> None:
        self._file = SecretFile(file, _keys_in)

    @property
    def exists(self) -> bool:
        """Whether the file exists."""
        return self._file.file.exists()

    def begin(self, purposes: Mapping[str, bytes]) -> None:
        """Create the file with a new tree and these secrets; only one process may do so at once."""
        keys = FolderKeys([fresh_tree(1)], {purpose: [secret] for purpose, secret in purposes.items()})
        replace_secret(self._file.file, msgspec.json.encode(keys))

    def read(self) -> FolderKeys:
        """Return the present content of the file.

        Raises:
            Unavailable: the file is missing or cannot be read.
            Tampered: the file is damaged.
        """
        name = self._file.file.name
        try:
            return self._file.read()
        except FileNotFoundError as gone:
            raise Unavailable(f"The council's keys ({name}) are missing. Put the file back from a backup.") from gone
        except OSError as failed:
            raise Unavailable(f"The council's keys ({name}) cannot be read: {failed.strerror}.") from failed
        except (NotReadable, ValueError) as wrong:
            raise Tampered(f"The council's keys ({name}) are damaged. Put the file back from a backup.") from wrong

    def replace(self, keys: FolderKeys) -> None:
        """Save new secrets and overwrite the former ones; only one process may do so at once (``Store.alone``)."""
        replace_secret(self._file.file, msgspec.json.encode(keys), scrub=True)


def fresh_secret() -> bytes:
    """Return a new random secret for one purpose."""
    return secrets.token_bytes(KEY_BYTES)


def fresh_tree(number: int) -> Tree:
    """Return a new random tree with all its keys."""
    return Tree(number, fresh_secret(), {"": fresh_secret()})


def _child(node: bytes, branch: str) -> bytes:
    return hashlib.blake2s(BRANCHES[branch], key=node).digest()


def _keys_in(content: bytes) -> FolderKeys:
    keys = decoded(content, FolderKeys)
    every_secret = [secret for tree in keys.texts for secret in (tree.places, *tree.nodes.values())]
    every_secret += [secret for purpose in keys.purposes.values() for secret in purpose]
    if not keys.texts or not all(keys.purposes.values()) or any(len(secret) != KEY_BYTES for secret in every_secret):
        raise ValueError("A secret is missing, or is not 32 bytes long.")
    return keys
