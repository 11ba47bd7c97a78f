"""The upload file for a shop that answers only to people."""

import polars as pl

from infra.connectors.lightspeed_x_csv import LightspeedXCsv
from schemas.records import BatchName
from tests.connectors.drawn import CARDS, changes

BATCH = BatchName(plan_id="abc123", number=1, run_id="run")


def test_the_file_holds_what_new_cards_are_worth() -> None:
    delivered: list[tuple[str, bytes]] = []
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

    outcomes = LightspeedXCsv(lambda key, content: delivered.append((key, content))).write(CARDS, drawn, BATCH)

    assert outcomes.to_list() == ["unknown", "unknown", "unknown", "refused", "refused"]
    assert delivered == [
        ("outbox/lightspeed-x/abc123.csv", b"Number,Balance\n00123,0.05\nGC1,1000.50\nGC2,0.00\n"),
    ]


def test_no_file_is_delivered_without_a_new_card() -> None:
    delivered: list[str] = []
    drawn = changes("kind | number | before | after\nremove | GC4 | EUR 1000 ACTIVE | null")

    outcomes = LightspeedXCsv(lambda key, _: delivered.append(key)).write(CARDS, drawn, BATCH)

    assert (outcomes.to_list(), delivered) == (["refused"], [])


def test_the_shop_cannot_be_read() -> None:
    shop = LightspeedXCsv(lambda _key, _content: None)

    assert shop.read(CARDS, pl.Series(["GC1"])).schema == {
        "number": pl.String,
        "currency": pl.String,
        "balance_cents": pl.Int64,
        "status": pl.String,
    }
    assert shop.read(CARDS, None).is_empty()
    assert shop.totals(CARDS) == ()
    assert shop.operations(pl.Series(["one"])).is_empty()
