"""Tables hold what the records of their domains are: those that migrations make, and those that are declared."""

import pandera.polars as pa
import polars as pl
import pytest
import sqlalchemy as sa

from infra.connectors.sql.declared_tables import declared_table
from infra.connectors.sql.tables import TARGET
from infra.databases.database import writing
from infra.migrations.table_owners import lacks_some
from schemas.domain import Dialect, Domain, Limits, NumberFormat, Resource
from schemas.domains import DOMAINS
from schemas.problems import Refused

IN_TABLES = [domain for domain in DOMAINS.values() if domain.resource.name in TARGET.tables]
OURS = {"created_at", "updated_at", "created_as"}
"""Columns that say when a record was written, and under which name, and are no part of it."""


class Rents(pa.DataFrameModel):
    rent_key: str
    place: str
    rent_cents: pl.Int64
    remark: str | None = pa.Field(nullable=True)


RENTS = Domain(
    name="rents",
    title="Rents",
    dialects=(Dialect(name="form", number_format=NumberFormat(), error_headings={}, reference_heading="Row"),),
    resource=Resource(name="rents", key="rent_key", columns=("place", "rent_cents", "remark"), known_by="rent_key"),
    records=Rents,
    limits=Limits(changed_share=1, changed_rows_floor=1, changed_rows=1),
)


@pytest.mark.parametrize("domain", IN_TABLES, ids=lambda domain: domain.name)
def test_a_table_has_the_columns_of_its_resource_and_no_others(domain: Domain):
    columns = {*TARGET.tables[domain.resource.name].c.keys()} - OURS
    assert columns == {domain.resource.key, *domain.resource.columns}


@pytest.mark.parametrize("domain", IN_TABLES, ids=lambda domain: domain.name)
def test_a_column_of_a_table_holds_what_the_model_of_the_records_says(domain: Domain):
    table = TARGET.tables[domain.resource.name]
    kinds = {pl.String: sa.String, pl.Int64: sa.BigInteger}
    model = {name: each for name, each in domain.records.to_schema().columns.items() if name in domain.resource.columns}
    wrong = [name for name, each in model.items() if not isinstance(table.c[name].type, kinds[each.dtype.type])]
    assert (wrong, [name for name in model if table.c[name].nullable]) == ([], [])


def test_a_declared_table_is_missing_until_it_is_made(database: sa.Engine):
    tables = sa.MetaData()
    rents = declared_table(RENTS, tables)
    assert lacks_some(database, [rents])
    with writing(database) as connection:
        tables.create_all(connection)
    try:
        assert not lacks_some(database, [rents])
        with writing(database) as connection:
            connection.execute(sa.insert(rents), [{"rent_key": "A", "place": "A", "rent_cents": 2**40}])
            held = connection.execute(sa.select(rents.c.rent_cents, rents.c.remark, rents.c.created_at)).one()
        assert held[:2] == (2**40, None) and held[2]
        with pytest.raises(sa.exc.IntegrityError), database.begin() as connection:  # another case is the same key
            connection.execute(sa.insert(rents), [{"rent_key": "a", "place": "A", "rent_cents": 1}])
    finally:
        with writing(database) as connection:
            tables.drop_all(connection)


def test_a_table_that_is_there_but_not_as_declared_is_left_alone_and_named(sqlite: sa.Engine):
    with writing(sqlite) as connection:
        connection.exec_driver_sql("CREATE TABLE rents (rent_key TEXT, landlord TEXT)")
    with pytest.raises(Refused, match=r"has a table rents that is not as its domain declares it: .*landlord"):
        lacks_some(sqlite, [declared_table(RENTS, sa.MetaData())])


def test_no_table_of_the_product_is_declared_only():
    with_files = {domain.resource.name for domain in DOMAINS.values() if domain.dialects}
    assert with_files <= set(TARGET.tables)
