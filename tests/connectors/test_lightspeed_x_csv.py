"""The upload file for a shop that answers only to people, and the list of its cards that they export."""

from datetime import UTC, datetime

import polars as pl
import pytest

from infra.connectors.lightspeed.x_upload import LightspeedXCsv
from schemas.domain import Dialect
from schemas.problems import FileNeedsFixing
from schemas.records import BatchName, Total
from schemas.register_exports import Export
from schemas.tables import Table
from tasks.core.reading.table import Sizes, read_rows
from tests.connectors.drawn import CARDS, changes, held

BATCH = BatchName(plan_id="abc123", number=1, run_id="run")
SIZES = Sizes(max_file_bytes=2**20, max_cell_chars=32_767, max_columns=200)
LIST = (
    "ID,number,sale_ID,created_at,Expires_at,Status,Balance,Total_Sold,Total_Redeemed\n"
    "9b1,00123,,2026-01-02T10:00:00Z,,ACTIVE,12.50,12.50,0.00\n"
    "9b2,GC2,,2026-01-02T10:00:00Z,,REDEEMED,0,20.00,20.00\n"
    "9b3,GC3,,2026-01-02T10:00:00Z,,VOIDED,0.00,20.00,20.00\n"
)


class Shop:
    """A shop whose cards are known by a list, if anybody exported one, and what was handed to it."""

    def __init__(self, cards: str | None = None, currency: str = "EUR") -> None:
        at = datetime(2026, 3, 1, tzinfo=UTC)
        self.export = None if cards is None else Export(name="cards.csv", content=cards.encode(), stored_at=at)
        self.files: dict[str, bytes] = {}
        self.connector = LightspeedXCsv(
            newest=lambda _: self.export, read_rows=read, deliver=self.take, currency=currency
        )

    def take(self, _run: str, name: str, content: bytes) -> None:
        self.files[name] = content

    def write(self, drawn: str) -> list[str]:
        return self.connector.write(CARDS, changes(drawn), BATCH).to_list()


def read(export: Export, dialect: Dialect) -> Table:
    return read_rows(export.content, name=export.name, dialect=dialect, code_page="windows-1252", sizes=SIZES)


def test_the_file_holds_what_new_cards_are_worth() -> None:
    shop = Shop()

    outcomes = shop.write(
        """
        kind   | number | before          | after
        create | 00123  | null            | EUR 5 ACTIVE
        create | GC1    | null            | EUR 100050 ACTIVE
        create | GC2    | null            | EUR 0 ACTIVE
        update | GC3    | EUR 1000 ACTIVE | EUR 700 ACTIVE
        remove | GC4    | EUR 1000 ACTIVE | null
        """
    )

    assert outcomes == ["unknown", "unknown", "unknown", "refused", "refused"]
    assert shop.files == {"upload.csv": b"Number,Balance\n00123,0.05\nGC1,1000.50\nGC2,0.00\n"}


def test_a_currency_without_cents_is_written_without_decimals() -> None:
    shop = Shop(currency="JPY")
    shop.write("kind | number | before | after\ncreate | GC1 | null | JPY 1500 ACTIVE")
    assert shop.files == {"upload.csv": b"Number,Balance\nGC1,1500\n"}


def test_no_file_is_delivered_without_a_new_card() -> None:
    shop = Shop()
    outcomes = shop.write("kind | number | before | after\nremove | GC4 | EUR 1000 ACTIVE | null")
    assert (outcomes, shop.files) == (["refused"], {})


def test_without_a_list_nothing_is_known_of_the_shop() -> None:
    shop = Shop().connector

    assert shop.read(CARDS, pl.Series(["GC1"])).schema == {
        "number": pl.String,
        "currency": pl.String,
        "balance_cents": pl.Int64,
        "status": pl.String,
    }
    assert shop.read(CARDS, None).is_empty()
    assert shop.totals(CARDS) == ()
    assert shop.operations(pl.Series(["one"])).is_empty()


def test_the_newest_list_says_what_every_card_is_worth_and_a_spent_one_is_active() -> None:
    shop = Shop(LIST).connector

    assert held(shop) == ["00123 EUR 1250 ACTIVE", "GC2 EUR 0 ACTIVE"]
    assert shop.read(CARDS, pl.Series(["gc3"])).rows() == [("GC3", "EUR", 0, "VOIDED")]
    assert shop.totals(CARDS) == (Total(currency="EUR", count=2, sum_cents=1250),)


def test_only_cards_that_are_not_on_the_list_go_up_and_the_list_is_kept() -> None:
    shop = Shop(LIST)

    outcomes = shop.write(
        """
        kind   | number | before | after
        create | gc2    | null   | EUR 500 ACTIVE
        create | 00123  | null   | EUR 1250 ACTIVE
        create | GC9    | null   | EUR 700 ACTIVE
        """
    )

    assert outcomes == ["conflict", "unchanged", "unknown"]
    assert shop.files == {"register.csv": LIST.encode(), "upload.csv": b"Number,Balance\nGC9,7.00\n"}


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("9b4,gc2,,,,ACTIVE,1.00,,", "a number twice: 3, 5"),
        ("9b4,GC9,,,,ACTIVE,,,", "no readable balance: 5"),
        ("9b4,GC9,,,,ACTIVE,1.005,,", "no readable balance: 5"),
        ("9b4,GC9,,,,SOLD,1.00,,", "none of the statuses"),
        ("9b4,,,,,ACTIVE,1.00,,", "no readable number: 5"),
        ("9b4,1.2E+15,,,,ACTIVE,1.00,,", "no readable number: 5"),
        ("9b4,GC9", "cannot be read: 5"),
    ],
)
def test_a_list_that_is_not_whole_is_turned_away_by_its_lines(row: str, says: str) -> None:
    with pytest.raises(FileNeedsFixing, match=says):
        Shop(LIST + row + "\n").connector.read(CARDS, None)
