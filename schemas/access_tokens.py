"""The tokens that a system gives after a person let us in."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class SealedTokens:
    """Tokens as they are stored: encrypted. *revision* grows with each renewal."""

    sealed: str = field(repr=False)
    expires_at: datetime
    revision: int
