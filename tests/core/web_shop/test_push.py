"""Which product of the till is which of the web shop, and what would change there."""

from collections.abc import Collection

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.stock import Products
from schemas.web_shop import PushField
from tasks.core.planning.changes import writable
from tasks.core.web_shop.push import RESOURCE, as_offered, decide_push, emptied, linked
from tests.order_lines import till_products
from tests.tables import frame

TILL = ("product_id", "sku", "name", "description", "price", "stock", "source", "source_id", "source_variation_id")
SHOP = ("web_id", *RESOURCE.columns)
ALL: tuple[PushField, ...] = ("sku", "name", "description", "price", "stock")


def till(drawn: str) -> pl.DataFrame:
    """Draw products of the till; what is not drawn is empty."""
    return _drawn(drawn, TILL)


def shop(drawn: str) -> pl.DataFrame:
    """Draw products of the web shop; they are simple and counted unless drawn otherwise."""
    return _drawn(drawn, SHOP, type="simple", counts_stock="yes")


def _drawn(drawn: str, columns: Collection[str], **usual: str) -> pl.DataFrame:
    heading = [cell.strip() for cell in next(line for line in drawn.splitlines() if line.strip()).split("|")]
    found = frame(drawn, dict.fromkeys(heading, pl.String)).fill_null("")
    return found.with_columns(pl.lit(usual.get(c, "")).alias(c) for c in columns if c not in heading).select(columns)


def link(ours: str, theirs: str) -> list[tuple[str, str, str]]:
    return (
        linked(till(ours), shop(theirs), "woocommerce").sort("product_id").select("product_id", "web_id", "code").rows()
    )


def push(ours: str, theirs: str, *fields: PushField) -> tuple[pl.DataFrame, int]:
    there = shop(theirs)
    return decide_push(linked(till(ours), there, "woocommerce"), there, fields)


# which is which


def test_the_id_of_the_web_shop_counts_before_the_sku():
    ours = """
    product_id | sku | source      | source_id | source_variation_id
    -----------+-----+-------------+-----------+--------------------
    mug        | CAP | woocommerce | 7         | null
    shirt      | X   | woocommerce | 8         | 80
    other      | null| elsewhere   | 7         | null
    """
    theirs = """
    web_id | sku
    -------+----
    7      | MUG
    8/80   | Y
    9      | CAP
    """
    assert link(ours, theirs) == [("mug", "7", ""), ("shirt", "8/80", "")]


def test_a_sku_is_the_same_in_any_case_and_with_blanks():
    assert link("product_id | sku\nmug | ab 1", "web_id | sku\n7 | AB1") == [("mug", "7", "")]


def test_products_without_a_sku_are_never_the_same():
    assert link("product_id | sku\nmug | null", "web_id | sku\n7 | null") == []


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("mug | A", "7 | A\n8 | a"), ("mug | A\ncup | a", "7 | A")],
)
def test_a_sku_that_either_side_has_twice_holds_the_product(ours: str, theirs: str):
    found = link(f"product_id | sku\n{ours}", f"web_id | sku\n{theirs}")
    assert {code for _, _, code in found} == {"WEB_SKU_AMBIGUOUS"}


def test_two_products_that_meet_in_one_are_both_held():
    ours = "product_id | sku | source | source_id\nmug | x | woocommerce | 7\ncup | A | null | null"
    assert link(ours, "web_id | sku\n7 | A") == [("cup", "7", "WEB_LINKED_TWICE"), ("mug", "7", "WEB_LINKED_TWICE")]


# what changes


def test_only_what_is_asked_for_and_differs_changes():
    ours = "product_id | sku | name | price | stock\nmug | A | Big mug | 13.00 | 4\ncap | B | Cap | 5.00 | 2"
    theirs = "web_id | sku | name | regular_price | stock\n7 | A | Mug | 12.00 | 9\n8 | B | Hat | 5.00 | 2"
    changes, unchanged = push(ours, theirs, "stock", "price")
    assert unchanged == 1
    (row,) = changes.rows(named=True)
    assert (row["web_id"], row["kind"]) == ("7", "update")
    assert (row["name_after"], row["regular_price_after"], row["stock_after"]) == ("Mug", "13.00", "4")
    assert (row["regular_price_before"], row["stock_before"]) == ("12.00", "9")


def test_what_the_till_does_not_say_is_left_alone():
    changes, unchanged = push(
        "product_id | sku | name | description | price | stock\nmug | A | null | null | null | null",
        "web_id | sku | name | description | regular_price | stock\n7 | A | Mug | Nice | 12.00 | 9",
        *ALL,
    )
    assert (changes.height, unchanged) == (0, 1)


def test_what_stands_for_several_products_gets_no_price():
    """The shop empties it, so it would be sent again for ever."""
    for kind in ("variable", "grouped"):
        theirs = f"web_id | sku | type | regular_price\n7 | A | {kind} | null"
        changes, unchanged = push("product_id | sku | price\nmug | A | 12.00", theirs, "price")
        assert (changes.height, unchanged) == (0, 1)


def test_the_description_of_a_variation_is_left_alone_for_it_is_not_told_as_it_was_typed():
    theirs = "web_id | sku | type | description\n8/80 | A | variation | Soft."
    changes, unchanged = push("product_id | sku | description\nmug | A | Softer.", theirs, "description")
    assert (changes.height, unchanged) == (0, 1)


def test_a_variation_keeps_the_name_the_shop_gave_it():
    changes, _ = push(
        "product_id | sku | name\nmug | A | Mug red", "web_id | type | sku | name\n7/70 | variation | A | Red", *ALL
    )
    assert changes.is_empty()


@pytest.mark.parametrize("counts", ["no", "parent"])
def test_stock_that_the_shop_does_not_count_is_held_not_switched_on(counts: str):
    ours, theirs = (
        "product_id | sku | stock\nmug | A | 4",
        f"web_id | sku | counts_stock | stock\n7 | A | {counts} | null",
    )
    changes, _ = push(ours, theirs, "stock")
    assert changes.select("kind", "code", "stock_after").rows() == [("held", "WEB_STOCK_NOT_COUNTED", "")]
    assert push(ours, theirs, "price")[0].is_empty()


def test_held_products_are_shown_and_not_written():
    changes, _ = push("product_id | sku | stock\nmug | A | 1", "web_id | sku | stock\n7 | A | 2\n8 | a | 3", "stock")
    assert (changes.height, writable(changes).height) == (1, 0)


@given(
    st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from(["", "1", "2"])), max_size=4),
    st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from(["", "1", "2"])), max_size=4),
)
def test_every_product_that_both_have_is_accounted_for_once(ours, theirs):
    products = pl.DataFrame(
        [(str(n), sku, stock) for n, (sku, stock) in enumerate(ours)],
        schema=["product_id", "sku", "stock"],
        orient="row",
    )
    rows = (
        products.cast(pl.String)
        .with_columns(pl.lit("").alias(c) for c in TILL if c not in products.columns)
        .select(TILL)
    )
    there = pl.DataFrame(
        [(str(n), sku, stock) for n, (sku, stock) in enumerate(theirs)], schema=["web_id", "sku", "stock"], orient="row"
    ).cast(pl.String)
    there = there.with_columns(
        pl.lit({"type": "simple", "counts_stock": "yes"}.get(c, "")).alias(c) for c in SHOP if c not in there.columns
    ).select(SHOP)
    both = linked(rows, there, "woocommerce")
    changes, unchanged = decide_push(both, there, ("stock",))
    assert changes.height + unchanged == both.height
    assert writable(changes)["web_id"].is_unique().all()


# what the till offers


def test_stock_is_the_whole_units_of_all_outlets_together():
    products = pl.DataFrame(
        [
            {"product_id": name, "sku": f" {name}  1", "tracks_stock": tracks, "active": active, "price_cents": 1205}
            for name, tracks, active in [
                ("a", "yes", "yes"),
                ("b", "yes", "yes"),
                ("c", "no", "yes"),
                ("d", "yes", "no"),
                ("e", "yes", "yes"),
            ]
        ]
    )
    levels = frame(
        """
        product_id | outlet_id | quantity_milli
        -----------+-----------+---------------
        a          | main      | 2500
        a          | web       | 1400
        b          | main      | -1500
        c          | main      | 9000
        """,
        {"product_id": pl.String, "outlet_id": pl.String, "quantity_milli": pl.Int64},
    )
    offered = as_offered(products, levels, 2)
    assert offered.select("sku", "price", "stock").rows() == [
        ("a 1", "12.05", "3"),
        ("b 1", "12.05", "-2"),
        ("c 1", "12.05", ""),
        ("e 1", "12.05", "0"),
    ]
    assert as_offered(products, levels, 0)["price"][0] == "1205"
    assert set(products.columns) <= set(Products.to_schema().columns)


# stock that nobody counted, and stock that would be gone


def test_a_level_that_is_made_of_sales_only_is_held_and_nothing_else_of_the_product_is():
    products = till_products("product_id | sku\nmug | MUG\ncap | CAP\njug | JUG")
    levels = pl.DataFrame({"product_id": ["mug", "cap"], "outlet_id": ["main"] * 2, "quantity_milli": [-19000, 4000]})
    sold = pl.DataFrame({"product_id": ["mug"], "outlet_id": ["main"]})
    theirs = shop("web_id | sku | stock\n1 | MUG | 5\n2 | CAP | 5\n3 | JUG | 5")
    rows = linked(as_offered(products, levels, 2, sold), theirs, "woocommerce")
    changes, _ = decide_push(rows, theirs, ["stock"])
    assert changes.select("web_id", "kind", "code").rows() == [
        ("1", "held", "WEB_STOCK_NEVER_SAID"),
        ("2", "update", ""),
        ("3", "held", "WEB_STOCK_NEVER_SAID"),
    ]
    assert "held" not in decide_push(rows, theirs, ["name"])[0]["kind"]


def test_what_would_be_sold_out_or_below_zero_is_a_concern_that_names_it():
    ours = "product_id | sku | stock\na | A | 0\nb | B | -4\nc | C | 3\nd | D | 0\ne | E | -1"
    theirs = "web_id | sku | stock\n1 | A | 9\n2 | B | -1\n3 | C | 9\n4 | D | 0\n5 | E | -1"
    (concern,) = emptied(push(ours, theirs, "stock")[0])
    assert concern.code == "WEB_STOCK_EMPTIED"
    assert concern.says == (
        "2 products would be sold out in the web shop, 1 of them below zero: B from -1 to -4, A from 9 to 0"
    )
    assert emptied(push("product_id | sku | stock\nc | C | 3", theirs, "stock")[0]) == ()


stocks = st.integers(-5, 5).map(str)


@given(st.lists(st.tuples(stocks, stocks), min_size=1, max_size=8))
def test_nothing_in_stock_is_sold_out_and_nothing_negative_sent_without_a_concern(levels: list[tuple[str, str]]):
    ours = "\n".join(["product_id | sku | stock", *[f"p{n} | S{n} | {to}" for n, (_, to) in enumerate(levels)]])
    theirs = "\n".join(["web_id | sku | stock", *[f"{n} | S{n} | {was}" for n, (was, _) in enumerate(levels)]])
    sold_out = [to for was, to in levels if was != to and int(to) <= 0 and (int(was) > 0 or int(to) < 0)]
    concerns = emptied(push(ours, theirs, "stock")[0])
    assert [concern.says.split()[0] for concern in concerns] == ([str(len(sold_out))] if sold_out else [])


def test_a_sku_that_another_product_of_the_till_has_is_held_though_that_one_is_linked():
    ours = """
    product_id | sku | source      | source_id
    -----------+-----+-------------+----------
    mug        | X   | woocommerce | 1
    cup        | x   |             |
    """
    assert link(ours, "web_id | sku\n1 | Y\n2 | X") == [("cup", "2", "WEB_SKU_AMBIGUOUS"), ("mug", "1", "")]
