"""Runs that were asked for at the desk: known from the moment they were, and with all they were asked with."""

from dataclasses import dataclass

import sqlalchemy as sa

from infra.databases.database import reading, writing
from infra.ledger.desk_tables import REQUESTS
from infra.ledger.rows import upsert
from schemas.people import Request


@dataclass(frozen=True)
class RequestBook:
    """What was asked for in a shop."""

    engine: sa.Engine

    def enter(self, request: Request) -> None:
        """Enter a run that was asked for; of one that is there already, what was entered first stands."""
        row = {name: getattr(request, name) for name in Request.__dataclass_fields__}
        with writing(self.engine) as connection:
            entered = upsert(connection, REQUESTS, [row])
            connection.execute(entered.on_conflict_do_nothing(index_elements=[REQUESTS.c.run_id]))

    def find(self, run_id: str) -> Request | None:
        """Return what a run was asked with; None where it was not asked for at the desk."""
        with reading(self.engine) as connection:
            row = connection.execute(sa.select(REQUESTS).where(REQUESTS.c.run_id == run_id)).mappings().first()
        return Request(**row) if row else None

    def list_following(self, run_id: str) -> tuple[Request, ...]:
        """Return the runs that carry out or undo what a run previewed, oldest first."""
        query = sa.select(REQUESTS).where(REQUESTS.c.follows == run_id).order_by(REQUESTS.c.asked_at)
        with reading(self.engine) as connection:
            return tuple(Request(**row) for row in connection.execute(query).mappings())
