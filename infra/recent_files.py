"""Files that this process has just stored or read, so that the next step of a run need not fetch them again."""

from dataclasses import dataclass, field

from cachetools import LRUCache

_MOST_BYTES = 64 * 2**20


@dataclass(frozen=True, kw_only=True)
class RecentFiles:
    """Contents by their SHA-256: the latest up to so many bytes in all, and one that is larger, until it is taken."""

    most_bytes: int = _MOST_BYTES
    _small: LRUCache[str, bytes] = field(init=False)
    _large: dict[str, bytes] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Make room."""
        object.__setattr__(self, "_small", LRUCache(self.most_bytes, getsizeof=len))

    def keep(self, sha256: str, content: bytes) -> None:
        """Keep what was stored, unless it is large."""
        if len(content) <= self.most_bytes:
            self._small[sha256] = content

    def keep_for_next_step(self, sha256: str, content: bytes) -> None:
        """Keep what is large until the next ``find`` of it, in place of the one before."""
        self._large.clear()
        if len(content) > self.most_bytes:
            self._large[sha256] = content

    def find(self, sha256: str) -> bytes | None:
        """Return a content that is kept; after that, one that is large is not kept any more."""
        return self._small.get(sha256) or self._large.pop(sha256, None)
