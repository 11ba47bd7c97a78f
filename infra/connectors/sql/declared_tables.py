"""Tables that follow from what a domain declares: its resource, and the model of its records.

Domains whose tables a migration makes have them in ``infra.connectors.sql.tables``, word for word.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl
import sqlalchemy as sa

from schemas.domain import Domain

_TYPES: Mapping[type[pl.DataType], type[sa.types.TypeEngine[Any]]] = {pl.String: sa.Text, pl.Int64: sa.BigInteger}
"""What records are made of: texts and whole numbers; a day is text, in ISO 8601."""


def declared_table(domain: Domain, tables: sa.MetaData) -> sa.Table:
    """Add the table of a domain to *tables*: found by its key in any mix of cases, its columns as its records are."""
    resource, records = domain.resource, domain.records.to_schema().columns
    columns = [
        sa.Column(name, _TYPES[records[name].dtype.type], nullable=records[name].nullable) for name in resource.columns
    ]
    table = sa.Table(resource.name, tables, sa.Column(resource.key, sa.Text, primary_key=True), *columns, *written_at())
    sa.Index(f"{resource.name}_{resource.key}_any_case", sa.func.lower(table.c[resource.key]), unique=True)
    return table


def written_at() -> tuple[sa.Column[datetime], ...]:
    """Return the columns that tell when a record was made, and last changed."""
    return tuple(
        sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())
        for name in ("created_at", "updated_at")
    )
