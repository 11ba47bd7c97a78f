"""The tokens of a login, and whose turn it is to renew them: a refresh token is good for one use.

What is stored is sealed by whoever stores it; this file cannot read it.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from infra.databases.database import reading, writing
from infra.ledger.rows import upsert
from infra.ledger.tables import ACCESS_TOKENS
from schemas.access_tokens import SealedTokens

_COLUMNS = ACCESS_TOKENS.c


@dataclass(frozen=True)
class TokenBook:
    """The tokens of one system."""

    engine: sa.Engine
    system: str

    def find(self) -> SealedTokens | None:
        """Return the tokens; None where nobody connected the system yet."""
        query = sa.select(_COLUMNS.sealed, _COLUMNS.expires_at, _COLUMNS.revision).where(self._here)
        with reading(self.engine) as connection:
            row = connection.execute(query).mappings().one_or_none()
        return SealedTokens(**row) if row else None

    def save(self, sealed: str, expires_at: datetime) -> None:
        """Keep new tokens in place of those before; whoever was renewing has done so."""
        row = {"system": self.system, "sealed": sealed, "expires_at": expires_at, "revision": 1}
        with writing(self.engine) as connection:
            statement = upsert(connection, ACCESS_TOKENS, [row | {"refreshed_by": "", "refreshed_until": None}])
            new = [statement.excluded[name] for name in ("sealed", "expires_at", "refreshed_by", "refreshed_until")]
            renewed = {column.name: column for column in new} | {"revision": _COLUMNS.revision + 1}
            connection.execute(statement.on_conflict_do_update(index_elements=["system"], set_=renewed))

    def claim(self, who: str, revision: int, *, at: datetime, until: datetime) -> bool:
        """Take the turn to renew the tokens of this revision; False where another has it, or has renewed them."""
        free = (_COLUMNS.refreshed_until.is_(None)) | (_COLUMNS.refreshed_until <= at)
        turn = sa.update(ACCESS_TOKENS).where(self._here, _COLUMNS.revision == revision, free)
        with writing(self.engine) as connection:
            return connection.execute(turn.values(refreshed_by=who, refreshed_until=until)).rowcount == 1

    def give_back(self, who: str) -> None:
        """Give the turn back without new tokens."""
        mine = sa.update(ACCESS_TOKENS).where(self._here, _COLUMNS.refreshed_by == who)
        with writing(self.engine) as connection:
            connection.execute(mine.values(refreshed_by="", refreshed_until=None))

    @property
    def _here(self) -> sa.ColumnElement[bool]:
        return _COLUMNS.system == self.system
