"""The secrets of the council's folder that no database holds: one for each purpose, and the tree that the texts' keys come from.

The key of each text is derived from the tree by the text's digest, along a path of branches. To destroy one key, its path is
taken out and the branches beside it are kept: every other key can still be derived, and this one by nobody (a puncturable
pseudorandom function, after Goldreich, Goldwasser and Micali 1986, with keyed BLAKE2s, RFC 7693). So the folder need not grow with
the texts, and a copy of it from last year opens all that was written since. Must not know the store.
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
"""Of the place of a text in the tree. Places come from the digest under a secret, so that nobody can look for a text that shares
the place of another one; by chance two of a million do with a probability of 1 in 37 million, and then share a key."""


class Tree(msgspec.Struct, frozen=True):
    """What the keys of texts are derived from.

    Attributes:
        number: 1, 2, 3 … by which each text says under which tree it was encrypted.
        places: the secret that gives each text its place.
        nodes: the secrets of the branches that are there, by their place; one, of the place '', until a key is destroyed.
    """

    number: int
    places: bytes
    nodes: dict[str, bytes]

    def key_of(self, digest: str) -> bytes | None:
        """The key of the text of that digest, None where it was destroyed."""
        place = self._place(digest)
        for depth in range(len(place) + 1):
            node = self.nodes.get(place[:depth])
            if node is not None:
                for branch in place[depth:]:
                    node = _child(node, branch)
                return node
        return None

    def holds(self, digest: str) -> bool:
        """Whether the key of the text of that digest can be derived."""
        place = self._place(digest)
        return any(place[:depth] in self.nodes for depth in range(len(place) + 1))

    def without(self, digests: Iterable[str]) -> "Tree":
        """The tree from which the keys of these texts cannot be derived, and all others can."""
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
    """All of them at one moment.

    Attributes:
        texts: the trees, the newest last: texts are encrypted under that one. There are two while keys are rotated.
        purposes: the secrets of each purpose, the newest last.
    """

    texts: list[Tree]
    purposes: dict[str, list[bytes]]

    def holds(self, digest: str) -> bool:
        """Whether the key of the text of that digest was not destroyed; it is destroyed in all trees at once."""
        return all(tree.holds(digest) for tree in self.texts)

    def tree(self, number: int) -> Tree | None:
        """The tree of that number, None where it is not in this folder (any more)."""
        return next((tree for tree in self.texts if tree.number == number), None)

    def without(self, digests: Iterable[str]) -> "FolderKeys":
        """The same without the keys of these texts."""
        gone = list(digests)
        return FolderKeys([tree.without(gone) for tree in self.texts], self.purposes)


class KeyFile:
    """The file that holds them. Another process may replace it: each reading gives what it holds now."""

    def __init__(self, file: Path) -> None:
        self._file = SecretFile(file, _keys_in)

    @property
    def exists(self) -> bool:
        """Whether it was made."""
        return self._file.file.exists()

    def begin(self, purposes: Mapping[str, bytes]) -> None:
        """Make the file, with a fresh tree and these secrets; only one process may do so at once."""
        keys = FolderKeys([fresh_tree(1)], {purpose: [secret] for purpose, secret in purposes.items()})
        replace_secret(self._file.file, msgspec.json.encode(keys))

    def read(self) -> FolderKeys:
        """What it holds now.

        Raises:
            Unavailable: it is not there.
            Tampered: it is damaged.
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
        """Keep these in place of those, which are overwritten; only one process may do so at once (``Store.alone``)."""
        replace_secret(self._file.file, msgspec.json.encode(keys), scrub=True)


def fresh_secret() -> bytes:
    """A secret of one purpose."""
    return secrets.token_bytes(KEY_BYTES)


def fresh_tree(number: int) -> Tree:
    """A tree of which no key was destroyed."""
    return Tree(number, fresh_secret(), {"": fresh_secret()})


def _child(node: bytes, branch: str) -> bytes:
    return hashlib.blake2s(BRANCHES[branch], key=node).digest()


def _keys_in(content: bytes) -> FolderKeys:
    keys = decoded(content, FolderKeys)
    held = [secret for tree in keys.texts for secret in (tree.places, *tree.nodes.values())]
    held += [secret for purpose in keys.purposes.values() for secret in purpose]
    if not keys.texts or not all(keys.purposes.values()) or any(len(secret) != KEY_BYTES for secret in held):
        raise ValueError("A key has another length than it was made with.")
    return keys
