"""Files of the inbox as a run takes them in."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Taken:
    """An inbox file that a run took in: remembered as seen once the run has swept it."""

    key: str
    etag: str
