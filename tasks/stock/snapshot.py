"""Keep the products and the stock of the till as they are now, before a history of orders is taken in.

The help article on order history tells people to make this backup themselves; here no run goes without it.
"""

import polars as pl

from infra.artifacts.run_files import save_bytes, save_frame
from infra.connectors import Connector, ReadsStock
from infra.context import settings, target
from schemas import file_names
from schemas.domain import Domain
from schemas.problems import FileNeedsFixing, Refused
from schemas.records import Run
from schemas.stock import PRODUCTS, REGISTERS, TILL, Place, Stocked, StockEffect
from schemas.stock import Levels as LevelRows
from tasks.chain.step import step
from tasks.core.writing.files import write_escaped

"""The file of a run that holds the levels just before it."""


@step
def find_place(run: Run, register: str, stock: StockEffect) -> Place:
    """Find the register that the sales are booked on: the one named, by id or name, else that of the settings.

    A till's only one needs no naming.

    Raises:
        FileNeedsFixing: There is no such register, or there are several and none was named.
    """
    registers = target(run.target).read(REGISTERS, None).sort("register_id")
    asked = (register.strip() or settings().till_register.strip()).lower()
    named = pl.any_horizontal(pl.col("register_id", "name").str.to_lowercase() == asked)
    found = registers.filter(named) if asked else registers
    if found.height != 1:
        raise FileNeedsFixing(_which(registers["name"].to_list()))
    row = found.row(0, named=True)
    return Place(register_id=row["register_id"], outlet_id=row["outlet_id"], stock=stock)


def _which(names: list[str]) -> str:
    if not names:
        return (
            "The till has no register to book sales on. Open it first, with: counterfoil run stock FILE --mode apply."
        )
    known = ", ".join(repr(name) for name in names)
    return f"Which register are the sales booked on? The till has {known}. Name one of them."


@step
def snapshot_stock(run: Run) -> Stocked:
    """Store all products and all levels, also as a file for people: ``stock-before.csv``."""
    return _keep_stock(run)


@step
def snapshot_stock_of(run: Run, domain: Domain) -> Stocked | None:
    """Do so where the records of *domain* are a till's: what becomes of them moves its stock."""
    return _keep_stock(run) if domain.place == TILL else None


def _keep_stock(run: Run) -> Stocked:
    connector = target(run.target)
    products = PRODUCTS.records.validate(connector.read(PRODUCTS.resource, None))
    levels = LevelRows.validate(stock_of(run.target, connector).levels(None))
    save_bytes(run.run_id, file_names.STOCK_BEFORE, write_escaped(_for_people(products, levels)))
    return Stocked(
        products=save_frame(run.run_id, file_names.PRODUCTS, products),
        levels=save_frame(run.run_id, file_names.LEVELS, levels),
    )


def stock_of(name: str, connector: Connector) -> ReadsStock:
    """Return a target as one that keeps stock.

    Raises:
        Refused: It keeps none.
    """
    if isinstance(connector, ReadsStock):
        return connector
    raise Refused(f"{name} keeps no stock, so orders cannot be imported into it.")


def _for_people(products: pl.DataFrame, levels: pl.DataFrame) -> pl.DataFrame:
    joined = products.join(levels, on="product_id", how="left").sort("sku", "product_id", "outlet_id")
    quantity = (pl.col("quantity_milli") / 1000).alias("quantity")
    return joined.select("product_id", "sku", "name", "active", "tracks_stock", "outlet_id", quantity)
