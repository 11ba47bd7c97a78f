"""What orders mean for the sales of a till, and what the plan does to its stock."""

import json
from collections import Counter

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.orders.records import SALES
from schemas.stock import Place
from tasks.core.orders.effects import effect, movements
from tasks.core.orders.matching import match_lines
from tasks.core.orders.plan import booked_lines, decide_sales, voided_again
from tasks.core.orders.report_tables import changed_lines, lines_on_both_sides
from tasks.core.orders.sale_changes import book
from tasks.core.orders.stock import sold_below_zero, stock_effect
from tasks.core.planning.changes import writable
from tests.examples import costly
from tests.order_lines import CORRECTIONS, drawn_as, order_lines, the_orders, till_products
from tests.sales import SCHEMA
from tests.tables import frame

TILL = """
product_id | sku  | name | tracks_stock
mug        | MUG  | Mug  | yes
cap        | CAP  | Cap  | yes
card       | CARD | Card | no
"""
MAIN = Place(register_id="till-1", outlet_id="main", stock="deduct")
NO_SALES = pl.DataFrame(schema=SCHEMA)
NO_LEVELS = pl.DataFrame(schema={"product_id": pl.String, "outlet_id": pl.String, "quantity_milli": pl.Int64})
NO_CUSTOMERS = pl.DataFrame(schema={"email": pl.String, "customer_id": pl.String})
LINES = """
order_key     | line | sku | quantity_milli
woocommerce:1 | 1    | MUG | 2000
woocommerce:1 | 2    | CAP | 1000
"""


def sales_of(
    orders: str,
    lines: str = LINES,
    *,
    before: pl.DataFrame = NO_SALES,
    place: Place = MAIN,
    customers=NO_CUSTOMERS,
    edited: tuple[str, ...] = (),
    till: str = TILL,
    buyer_stays: tuple[str, ...] = (),
) -> tuple[pl.DataFrame, int]:
    products = till_products(till)
    nothing = drawn_as("", CORRECTIONS)
    matched = match_lines(order_lines(lines), products, booked_lines(before), nothing, source="woocommerce")
    known = the_orders(orders)
    kept = matched.filter(pl.col("order_key").is_in(known["order_key"].implode()))
    booked = book(known, kept, products, customers, place, before)
    return decide_sales(booked, before, pl.Series(edited, dtype=pl.String), buyer_stays)


def applied(changes: pl.DataFrame, before: pl.DataFrame = NO_SALES) -> pl.DataFrame:
    """Return the sales of a till once *changes* are carried out."""
    written = writable(changes)
    after = written.select("order_key", *[pl.col(f"{c}_after").alias(c) for c in SALES.columns])
    kept = before.filter(~pl.col("order_key").is_in(written["order_key"].implode()))
    return pl.concat([kept, after])


def kinds(planned: tuple[pl.DataFrame, int]) -> tuple[list[tuple[str, str]], int]:
    changes, unchanged = planned
    return changes.select("kind", "code").rows(), unchanged


def test_a_new_order_becomes_one_sale_with_all_its_lines():
    changes, unchanged = sales_of("order_key | number | total_cents\nwoocommerce:1 | 1042 | 2400")
    (row,) = changes.iter_rows(named=True)
    assert (row["kind"], unchanged) == ("create", 0)
    assert (row["number_after"], row["register_id_after"], row["outlet_id_after"]) == ("1042", "till-1", "main")
    assert (
        row["lines_after"].split("},")[0]
        == '[{"kind":"item","line":"1","moves":true,"name":"Thing","net_cents":1000,"product_id":"mug",'
        '"quantity_milli":2000,"sku":"MUG","tax_cents":200'
    )


def test_lines_are_canonical_and_only_refunds_say_when():
    changes, _ = sales_of(
        "order_key\nwoocommerce:1",
        """
        order_key     | line | kind     | sku | name           | quantity_milli | at
        woocommerce:1 | 1    | item     | MUG | Åsa's "cup" €  | 1000           |
        woocommerce:1 | s    | shipping |     | Post           | 1000           |
        woocommerce:1 | r    | refund   | MUG | Åsa's "cup" €  | -1000          | 2024-04-01T00:00:00Z
        """,
    )
    text = changes["lines_after"].item()
    lines = json.loads(text)
    assert text == json.dumps(lines, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert [line.get("at") for line in lines] == [None, None, "2024-04-01T00:00:00Z"]
    assert [line["moves"] for line in lines] == [True, False, True]


def test_products_whose_stock_is_not_kept_move_none():
    changes, _ = sales_of("order_key\nwoocommerce:1", "order_key | sku\nwoocommerce:1 | CARD")
    assert [line["moves"] for line in json.loads(changes["lines_after"].item())] == [False]


@pytest.mark.parametrize(("then", "now"), [("yes", "no"), ("no", "yes")])
def test_counting_that_began_or_ended_since_reaches_back_to_no_sale(then: str, now: str):
    """Else an order that changes a word would take its goods from a count that was made after they were sold."""
    card = "order_key | sku\nwoocommerce:1 | CARD"
    tills = [TILL.replace("| Card | no", f"| Card | {tracks}") for tracks in (then, now)]
    there = applied(sales_of("order_key | content_sha256\nwoocommerce:1 | a", card, till=tills[0])[0])
    changes, _ = sales_of("order_key | content_sha256\nwoocommerce:1 | b", card, before=there, till=tills[1])
    assert (changes["kind"].to_list(), movements(changes).height) == (["update"], 0)


def test_what_waited_while_counting_began_is_taken_from_the_stock_once_it_is_sold():
    card = "order_key | sku\nwoocommerce:1 | CARD"
    parked = "order_key | state | content_sha256\nwoocommerce:1 | parked | a"
    closed = parked.replace("parked | a", "closed | b")
    there = applied(sales_of(parked, card)[0])
    changes, _ = sales_of(closed, card, before=there, till=TILL.replace("| Card | no", "| Card | yes"))
    assert movements(changes).select("product_id", "quantity_milli").rows() == [("card", -1000)]


def test_an_order_is_new_unchanged_or_changed_by_its_content():
    first, _ = sales_of("order_key | content_sha256\nwoocommerce:1 | a")
    there = applied(first)
    assert kinds(sales_of("order_key | content_sha256\nwoocommerce:1 | a", before=there)) == ([], 1)
    assert kinds(sales_of("order_key | content_sha256\nwoocommerce:1 | b", before=there)) == ([("update", "")], 0)


def test_a_void_order_is_only_of_interest_where_it_is_a_sale():
    assert kinds(sales_of("order_key | state\nwoocommerce:1 | voided")) == ([], 1)
    there = applied(sales_of("order_key\nwoocommerce:1")[0])
    changes, _ = sales_of("order_key | state | content_sha256\nwoocommerce:1 | voided | b", before=there)
    assert changes.select("kind", "state_after").rows() == [("update", "voided")]


def test_an_order_one_of_whose_lines_has_no_product_is_held_whole_and_the_others_go_on():
    changes, unchanged = sales_of(
        "order_key\nwoocommerce:1\nwoocommerce:2",
        """
        order_key     | line | source_product_id | sku | name
        woocommerce:1 | 1    |                   | MUG | Mug
        woocommerce:1 | 2    | 0                 |     | Gone
        woocommerce:1 | 3    |                   | NIX | Nix
        woocommerce:2 | 1    |                   | CAP | Cap
        """,
    )
    assert changes.select("order_key", "kind", "code", "detail").rows() == [
        ("woocommerce:1", "held", "ORDER_LINE_PRODUCT_DELETED", "line 2, Gone, and 1 more"),
        ("woocommerce:2", "create", "", ""),
    ]
    assert unchanged == 0


def test_what_is_there_as_it_was_imported_is_not_held_because_its_product_is_gone_today():
    there = applied(sales_of("order_key\nwoocommerce:1")[0])
    gone = LINES.replace("MUG", "").replace("CAP", "")
    assert kinds(sales_of("order_key\nwoocommerce:1", gone, before=there)) == ([], 1)


def test_a_sale_that_was_edited_at_the_till_is_held():
    there = applied(sales_of("order_key\nwoocommerce:1")[0])
    cheaper = there.with_columns(total_cents=pl.lit(1, pl.Int64))
    fewer = there.with_columns(pl.col("lines").str.replace('"quantity_milli":2000', '"quantity_milli":1000'))
    renamed = there.with_columns(pl.col("lines").str.replace('"sku":"MUG"', '"sku":"MUG-2024"'))
    for edited, expected in ((cheaper, "held"), (fewer, "held"), (renamed, None)):
        found, unchanged = kinds(sales_of("order_key\nwoocommerce:1", before=edited))
        assert found == ([] if expected is None else [("held", "ORDER_CHANGED_AT_TILL")])
        assert unchanged == (expected is None)


def edit(sale: pl.DataFrame, **cells: int | str) -> pl.DataFrame:
    """Edit a sale as people at the till do: what we wrote beside it stays."""
    return sale.with_columns(**{name: pl.lit(value) for name, value in cells.items()})


def fewer(sale: pl.DataFrame) -> pl.DataFrame:
    return sale.with_columns(pl.col("lines").str.replace('"quantity_milli":2000', '"quantity_milli":1000'))


@pytest.mark.parametrize(
    ("edited", "rows", "found"),
    [
        (lambda sale: sale, (), "update"),
        (lambda sale: edit(sale, total_cents=1), (), "conflict"),
        (lambda sale: edit(sale, state="parked"), (), "conflict"),
        (fewer, (), "conflict"),
        (lambda sale: sale, ("woocommerce:1",), "conflict"),
        (lambda sale: edit(sale, customer_id="C-9", register_id="till-2"), (), "update"),
        (lambda sale: edit(fewer(sale), written_sha256=""), (), "update"),
        (lambda sale: edit(fewer(sale), state="voided"), (), "update"),
    ],
)
def test_an_order_that_changed_is_never_written_over_what_was_edited_at_the_till(edited, rows, found):
    there = edited(applied(sales_of("order_key\nwoocommerce:1")[0]))
    changed = LINES.replace("1000", "3000")
    planned = sales_of("order_key | content_sha256\nwoocommerce:1 | b", changed, before=there, edited=rows)
    code = "ORDER_CHANGED_ON_BOTH_SIDES" if found == "conflict" else ""
    assert kinds(planned) == ([(found, code)], 0)


def test_a_conflict_shows_the_lines_of_both_sides():
    there = fewer(applied(sales_of("order_key\nwoocommerce:1")[0]))
    changed = LINES.replace("1000", "3000")
    changes, _ = sales_of("order_key | content_sha256\nwoocommerce:1 | b", changed, before=there)
    _, rows = lines_on_both_sides(changes)
    assert rows.select("line", "quantity_milli", "now_quantity_milli").rows() == [("1", 1000, 2000), ("2", 1000, 3000)]
    assert changed_lines(changes)[1].is_empty() and stock_effect(changes, till_products(TILL), NO_LEVELS).is_empty()


def test_a_sale_that_was_made_what_the_order_is_now_is_no_conflict():
    changed = LINES.replace("1000", "3000")
    now = "order_key | content_sha256\nwoocommerce:1 | b"
    there = applied(sales_of("order_key\nwoocommerce:1")[0])
    right = there.with_columns(applied(sales_of(now, changed)[0])["lines"])
    planned = sales_of(now, changed, before=right)
    assert kinds(planned) == ([("update", "")], 0)
    assert kinds(sales_of(now, changed, before=applied(planned[0], right))) == ([], 1)


def test_a_sale_whose_lines_were_edited_by_themselves_is_held_though_its_order_is_as_it_was():
    there = applied(sales_of("order_key\nwoocommerce:1")[0])
    planned = sales_of("order_key\nwoocommerce:1", before=there, edited=("woocommerce:1",))
    assert kinds(planned) == ([("held", "ORDER_CHANGED_AT_TILL")], 0)


def test_a_sale_that_was_voided_comes_back_only_under_the_eyes_of_a_person():
    there = applied(sales_of("order_key\nwoocommerce:1")[0]).with_columns(state=pl.lit("voided"))
    changes, _ = sales_of("order_key\nwoocommerce:1", before=there)
    assert changes.select("kind", "state_before", "state_after").rows() == [("update", "voided", "closed")]
    assert [concern.code for concern in voided_again(changes)] == ["ORDER_VOIDED_AT_TILL"]


def test_a_sale_stays_where_it_was_booked_with_the_customer_it_has():
    there = applied(sales_of("order_key\nwoocommerce:1")[0]).with_columns(customer_id=pl.lit("C-1"))
    elsewhere = Place(register_id="till-2", outlet_id="web", stock="neutral")
    customers = pl.DataFrame({"email": ["ann@shop.example"], "customer_id": ["C-2"]})
    changes, _ = sales_of(
        "order_key | content_sha256 | customer_email\nwoocommerce:1 | b | ann@shop.example",
        before=there,
        place=elsewhere,
        customers=customers,
    )
    (row,) = changes.iter_rows(named=True)
    places = [row[f"{column}_after"] for column in ("register_id", "outlet_id", "stock", "customer_id")]
    assert places == ["till-1", "main", "deduct", "C-1"]


@pytest.mark.parametrize(
    ("then", "stays", "buyer"), [("closed", ("closed",), ""), ("parked", ("closed",), "C-2"), ("closed", (), "C-2")]
)
def test_a_refund_links_its_sale_to_a_buyer_who_became_a_customer_since_unless_the_till_takes_none(
    then: str, stays: tuple[str, ...], buyer: str
):
    there = applied(sales_of(f"order_key | state\nwoocommerce:1 | {then}")[0])
    refunded = """
        order_key     | line | kind   | sku | quantity_milli | at
        woocommerce:1 | 1    | item   | MUG | 2000           |
        woocommerce:1 | 2    | item   | CAP | 1000           |
        woocommerce:1 | r    | refund | CAP | -1000          | 2024-04-01T00:00:00Z
        """
    changes, _ = sales_of(
        "order_key | state | content_sha256 | customer_email\nwoocommerce:1 | closed | b | ann@shop.example",
        refunded,
        before=there,
        customers=pl.DataFrame({"email": ["ann@shop.example"], "customer_id": ["C-2"]}),
        buyer_stays=stays,
    )
    assert changes.select("kind", "customer_id_before", "customer_id_after").rows() == [("update", "", buyer)]


def test_a_buyer_is_known_by_an_address_that_only_one_customer_has():
    customers = pl.DataFrame({"email": ["a@x.example", "b@x.example", "b@x.example"], "customer_id": ["1", "2", "3"]})
    changes, _ = sales_of(
        """
        order_key     | customer_email
        woocommerce:1 | a@x.example
        woocommerce:2 | b@x.example
        woocommerce:3 | c@x.example
        """,
        "order_key | sku\nwoocommerce:1 | MUG",
        customers=customers,
    )
    assert changes["customer_id_after"].to_list() == ["1", "", ""]


def levels(drawn: str) -> pl.DataFrame:
    return frame(drawn, {"product_id": pl.String, "outlet_id": pl.String, "quantity_milli": pl.Int64})


def test_stock_is_shown_before_sold_and_after_with_what_would_be_missing():
    changes, _ = sales_of("order_key\nwoocommerce:1")
    there = levels("product_id | outlet_id | quantity_milli\nmug | main | 1500\nmug | web | 99000\ncap | main | 5000")
    shown = stock_effect(changes, till_products(TILL), there)
    columns = ("sku", "outlet_id", "before_milli", "sold_milli", "compensated_milli", "after_milli", "negative")
    assert shown.select(columns).rows() == [
        ("MUG", "main", 1500, 2000, 0, -500, True),
        ("CAP", "main", 5000, 1000, 0, 4000, False),
    ]
    (concern,) = sold_below_zero(shown)
    assert (concern.code, concern.override) == ("ORDER_STOCK_NEGATIVE", "stock=neutral")
    assert concern.says == "the stock of 1 product would be below zero, the lowest at -0.5"


def test_a_neutral_history_shows_what_was_sold_and_leaves_the_level():
    changes, _ = sales_of("order_key\nwoocommerce:1", place=Place(register_id="1", outlet_id="main", stock="neutral"))
    shown = stock_effect(changes, till_products(TILL), NO_LEVELS)
    assert shown.select("sku", "sold_milli", "compensated_milli", "after_milli", "negative").rows() == [
        ("MUG", 2000, 2000, 0, False),
        ("CAP", 1000, 1000, 0, False),
    ]
    assert sold_below_zero(shown) == ()


skus = st.sampled_from(["MUG", "CAP", "CARD", "NIX", ""])
some_lines = st.lists(st.tuples(skus, st.sampled_from([1000, 2500, -1000])), max_size=4)
some_orders = st.lists(
    st.tuples(st.sampled_from(["closed", "closed", "parked", "voided"]), some_lines), min_size=1, max_size=6
)


def drawn(orders) -> tuple[str, str]:
    heads = [f"woocommerce:{n} | {state} | {state}{lines}" for n, (state, lines) in enumerate(orders)]
    rows = [
        f"woocommerce:{n} | {place} | {'item' if milli > 0 else 'refund'} | {sku} | {milli}"
        for n, (_, lines) in enumerate(orders)
        for place, (sku, milli) in enumerate(lines)
    ]
    return (
        "\n".join(["order_key | state | content_sha256", *heads]),
        "\n".join(["order_key | line | kind | sku | quantity_milli", *rows, "other:0 | 0 | fee | | 0"]),
    )


@costly
@given(some_orders, some_orders)
def test_whatever_is_ordered_every_order_is_accounted_for_and_a_second_run_changes_nothing(first, then):
    till: pl.DataFrame = NO_SALES
    stock: Counter[str] = Counter()
    for orders in (first, then, then):
        heads, lines = drawn(orders)
        changes, unchanged = sales_of(heads, lines, before=till)
        assert changes.height + unchanged == len(orders)
        shown = stock_effect(changes, till_products(TILL), NO_LEVELS)
        for row in shown.iter_rows(named=True):
            stock[row["product_id"]] -= row["sold_milli"]
        till = applied(changes, till)
        held = effect(till).group_by("product_id").agg(pl.col("quantity_milli").sum())
        assert {product: level for product, level in stock.items() if level} == dict(
            held.filter(pl.col("quantity_milli") != 0).iter_rows()
        )
    assert writable(changes).is_empty()
