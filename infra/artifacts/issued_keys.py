"""Which records of a system we created, and under which names: for systems that keep no names of ours.

Two small objects each, ``issued/<target>/names/<hash>`` and ``issued/<target>/keys/<key>``, of which only the first
says anything. A name may tell who a person is, so only its hash is in a key.
"""

import hashlib
from collections.abc import Iterable

from infra.context import storage
from infra.parallel import in_parallel
from schemas.target_names import TargetName

_AT_A_TIME = 8


class IssuedKeys:
    """The keys that one target issued."""

    def __init__(self, target: TargetName) -> None:
        self._folder = f"issued/{target}"

    def find(self, names: Iterable[str]) -> dict[str, str]:
        """Return the keys of those names under which a record was created, whether it is still there or not."""
        asked = list(names)
        found = in_parallel(self._key_of, asked, _AT_A_TIME)
        return {name: key for name, key in zip(asked, found, strict=True) if key}

    def keep(self, name: str, key: str) -> None:
        """Remember that the record *key* was created under *name*."""
        storage().put(f"{self._folder}/keys/{key}", b"created here")
        storage().put(self._place(name), key.encode())

    def created(self, key: str) -> bool:
        """Say whether we created the record *key*."""
        return storage().head(f"{self._folder}/keys/{key}") is not None

    def _key_of(self, name: str) -> str:
        place = self._place(name)
        return storage().get(place).decode() if storage().head(place) else ""

    def _place(self, name: str) -> str:
        return f"{self._folder}/names/{hashlib.sha256(name.encode()).hexdigest()}"
