"""What sales do to stock."""

from collections import Counter

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.orders.effects import effect, movements
from tests.sales import as_changes, changes, drawn_sales, sales

a_change = st.tuples(st.none() | drawn_sales, st.none() | drawn_sales)


def moved(drawn: str) -> list[tuple[object, ...]]:
    return movements(changes(drawn)).rows()


def change(before: str | None, after: str | None) -> pl.DataFrame:
    return as_changes([("update", "woocommerce:1", before, after)])


def stock(moves: pl.DataFrame) -> Counter[tuple[str, str]]:
    """Add up, one row at a time, what moved where; what stands still is left out."""
    levels: Counter[tuple[str, str]] = Counter()
    for _, product, outlet, _, quantity in moves.iter_rows():
        levels[product, outlet] += quantity
    return Counter({place: level for place, level in levels.items() if level})


def test_a_new_sale_takes_what_it_sold_and_brings_back_what_was_restocked():
    assert moved(
        """
        kind   | order_key     | before | after
        create | woocommerce:1 | null   | closed 2xmug 1xcap 3xmug -1xcap
        create | woocommerce:2 | null   | closed @web 0.5xtea
        """
    ) == [("woocommerce:1", "mug", "main", "sale", -5000), ("woocommerce:2", "tea", "web", "sale", -500)]


def test_only_closed_sales_and_lines_that_move_touch_stock():
    assert (
        moved(
            """
            kind   | order_key     | before | after
            create | woocommerce:1 | null   | parked 2xmug
            create | woocommerce:2 | null   | closed 2xmug? 1x-
            create | woocommerce:3 | null   | voided 2xmug
            create | woocommerce:4 | null   | closed
            """
        )
        == []
    )


def test_a_neutral_sale_shows_its_history_and_leaves_the_level():
    assert moved("kind | order_key | before | after\ncreate | w:1 | null | closed neutral 2xmug") == [
        ("w:1", "mug", "main", "neutral", 2000),
        ("w:1", "mug", "main", "sale", -2000),
    ]


def test_a_change_moves_only_the_difference():
    assert moved(
        """
        kind   | order_key | before              | after
        update | w:1       | closed 2xmug 1xcap  | closed 3xmug 1xcap
        update | w:2       | parked 2xmug        | closed 2xmug
        update | w:3       | closed 2xmug        | voided 2xmug
        update | w:4       | closed 2xmug        | closed @web 2xmug
        update | w:5       | closed neutral 1xmug | voided neutral 1xmug
        """
    ) == [
        ("w:1", "mug", "main", "sale", -1000),
        ("w:2", "mug", "main", "sale", -2000),
        ("w:3", "mug", "main", "sale", 2000),
        ("w:4", "mug", "main", "sale", 2000),
        ("w:4", "mug", "web", "sale", -2000),
        ("w:5", "mug", "main", "neutral", -1000),
        ("w:5", "mug", "main", "sale", 1000),
    ]


@given(st.lists(a_change, max_size=5))
def test_movements_lead_from_the_effect_before_to_the_effect_after(pairs):
    sides = [("update", f"w:{n}", before, after) for n, (before, after) in enumerate(pairs)]
    before, after = (
        stock(effect(sales({key: drawn for _, key, *both in sides if (drawn := both[side])}))) for side in (0, 1)
    )
    after.subtract(before)
    assert stock(movements(as_changes(sides))) == Counter({place: n for place, n in after.items() if n})


@given(st.none() | drawn_sales, st.none() | drawn_sales)
def test_there_and_back_moves_nothing_in_all(before, after):
    both = pl.concat([movements(change(before, after)), movements(change(after, before))])
    assert stock(both) == Counter()


@given(st.none() | drawn_sales)
def test_no_change_moves_nothing(drawn):
    assert movements(change(drawn, drawn)).is_empty()


@given(st.none() | drawn_sales, st.none() | drawn_sales, st.none() | drawn_sales)
def test_two_changes_move_what_one_from_first_to_last_does(first, second, third):
    steps = pl.concat([movements(change(first, second)), movements(change(second, third))])
    assert stock(steps) == stock(movements(change(first, third)))


@given(drawn_sales)
def test_a_neutral_sale_never_moves_a_level(drawn):
    assert stock(movements(change(None, f"{drawn} neutral"))) == Counter()


@given(drawn_sales)
def test_the_effect_is_what_a_person_would_count(drawn):
    state, *words = drawn.split()
    counted: Counter[tuple[str, str]] = Counter()
    for word in words:
        quantity, sold, product = word.partition("x")
        if sold and state == "closed" and "neutral" not in words and "?" not in product and product != "-":
            counted[product, "web" if "@web" in words else "main"] -= round(float(quantity) * 1000)
    assert stock(effect(sales({"w:1": drawn}))) == Counter({place: n for place, n in counted.items() if n})
