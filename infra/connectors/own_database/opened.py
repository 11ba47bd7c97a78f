"""The user's tables of this process: each is described once, and must fit its mapping before anything is read."""

from collections.abc import Callable, Sequence

import polars as pl
import sqlalchemy as sa

from infra.connectors.own_database.mapping import TableMapping
from infra.connectors.own_database.reading import read_keys
from infra.connectors.own_database.tables import OwnTable, open_table
from infra.databases.database import describe
from infra.databases.errors import translating_errors
from infra.databases.foreign import reading_foreign
from schemas.domain import Resource
from schemas.problems import Refused


class OwnTables:
    """The tables of *resources* in one database, each by its mapping, which *mapping_of* finds."""

    def __init__(
        self, engine: sa.Engine, resources: Sequence[Resource], mapping_of: Callable[[Resource], TableMapping]
    ) -> None:
        self.engine = engine
        self._resources = {resource.name: resource for resource in resources}
        self._mapping_of = mapping_of
        self._opened: dict[str, OwnTable] = {}

    def of(self, resource: str) -> OwnTable:
        """Return the table of a resource.

        Raises:
            Refused: No such records are kept in a database of the user's own.
            SettingsNeedFixing: There is no mapping, or it does not fit.
        """
        if resource not in self._resources:
            raise Refused(f"own_database holds {' and '.join(self._resources)}, and no {resource}.")
        if resource not in self._opened:
            known = self._resources[resource]
            mapping = self._mapping_of(known)
            with translating_errors(describe(self.engine)):
                self._opened[resource] = open_table(self.engine, mapping, known)
        return self._opened[resource]

    def records(self, own: OwnTable, keys: pl.Series) -> pl.DataFrame:
        """Return records by key, as they are now."""
        with reading_foreign(self.engine) as connection:
            return read_keys(connection, own, keys)
