"""The upload file for a shop that answers only to people."""

import polars as pl

from infra.connectors.lightspeed.x_upload import LightspeedXCsv
from schemas.records import BatchName
from tests.connectors.drawn import CARDS, changes

BATCH = BatchName(plan_id="abc123", number=1, run_id="run")


def test_the_file_holds_what_new_cards_are_worth() -> None:
    delivered: list[tuple[str, str, bytes]] = []
    drawn = changes(
        """
        kind   | number | before          | after
        create | 00123  | null            | EUR 5 ACTIVE
        create | GC1    | null            | EUR 100050 ACTIVE
        create | GC2    | null            | EUR 0 ACTIVE
        update | GC3    | EUR 1000 ACTIVE | EUR 700 ACTIVE
        remove | GC4    | EUR 1000 ACTIVE | null
        """
    )

    outcomes = LightspeedXCsv(lambda *delivery: delivered.append(delivery)).write(CARDS, drawn, BATCH)

    assert outcomes.to_list() == ["unknown", "unknown", "unknown", "refused", "refused"]
    assert delivered == [
        ("run", "upload.csv", b"Number,Balance\n00123,0.05\nGC1,1000.50\nGC2,0.00\n"),
    ]


def test_a_currency_without_cents_is_written_without_decimals() -> None:
    drawn = changes("kind | number | before | after\ncreate | GC1 | null | JPY 1500 ACTIVE")
    delivered: list[bytes] = []

    LightspeedXCsv(lambda _run, _name, content: delivered.append(content)).write(CARDS, drawn, BATCH)

    assert delivered == [b"Number,Balance\nGC1,1500\n"]


def test_no_file_is_delivered_without_a_new_card() -> None:
    delivered: list[str] = []
    drawn = changes("kind | number | before | after\nremove | GC4 | EUR 1000 ACTIVE | null")

    outcomes = LightspeedXCsv(lambda _run, name, _content: delivered.append(name)).write(CARDS, drawn, BATCH)

    assert (outcomes.to_list(), delivered) == (["refused"], [])


def test_the_shop_cannot_be_read() -> None:
    shop = LightspeedXCsv(lambda *_: None)

    assert shop.read(CARDS, pl.Series(["GC1"])).schema == {
        "number": pl.String,
        "currency": pl.String,
        "balance_cents": pl.Int64,
        "status": pl.String,
    }
    assert shop.read(CARDS, None).is_empty()
    assert shop.totals(CARDS) == ()
    assert shop.operations(pl.Series(["one"])).is_empty()
