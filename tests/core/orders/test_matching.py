"""Which product of the till a line is about."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.orders.held_orders import held_rows
from tasks.core.orders.matching import NO_CORRECTIONS, match_lines
from tasks.core.orders.shared_discounts import skus_to_ask
from tests.order_lines import BOOKED, CORRECTIONS, drawn_as, order_lines, the_orders, till_products

TILL = """
product_id | sku       | source_id | source_variation_id | active
mug        | MUG-1     |           |                     | yes
cap-red    | CAP-R     | 20        | 201                 | yes
cap-blue   | CAP-B     | 20        | 202                 | yes
tea        | 00123     |           |                     | yes
salt       | Z 9       |           |                     | yes
salt-2     | z9        |           |                     | yes
old        | OLD-1     | 30        |                     | no
"""


def matched(lines: str, *, till: str = TILL, corrections: str = "", booked: str = "") -> list[tuple[str, str, str]]:
    """Say of each line: the product it is about, or why none, and the detail."""
    found = match_lines(
        order_lines(lines),
        till_products(till),
        drawn_as(booked, BOOKED),
        drawn_as(corrections, CORRECTIONS),
        source="woocommerce",
    )
    return [(row["product_id"] or row["code"], row["detail"]) for row in found.iter_rows(named=True)]


def products_of(lines: str, **given: str) -> list[str]:
    return [product for product, _ in matched(lines, **given)]


def test_a_line_is_known_by_its_link_before_its_sku():
    assert products_of(
        """
        source_product_id | source_variation_id | sku
        20                | 201                 | MUG-1
        20                | 202                 |
        99                |                     | MUG-1
        """
    ) == ["cap-red", "cap-blue", "mug"]


def test_a_sku_is_known_whatever_its_case_blanks_and_leading_zeros():
    assert products_of(
        """
        sku
        mug-1
        " MUG - 1 "
        123
        000123
        00123
        """
    ) == ["mug", "mug", "tea", "tea", "tea"]


def test_a_sku_as_it_is_written_is_sooner_meant_than_one_that_is_like_it():
    assert products_of("sku\nZ 9\nz9") == ["salt", "salt-2"]


def test_a_sku_that_may_be_several_products_is_held_with_all_of_them():
    assert matched("sku\nZ9") == [("ORDER_LINE_SKU_AMBIGUOUS", "products salt, salt-2")]


def test_what_cannot_be_matched_says_why():
    assert matched(
        """
        source_product_id | sku    | name
        0                 |        | Gone mug
        30                | OLD-1  | Deactivated at the till
        77                |        | Never had a SKU
        77                | NEW-1  | Not at the till yet
        20                | CAP    | A variation that was deleted
        """
    ) == [
        ("ORDER_LINE_PRODUCT_DELETED", ""),
        ("ORDER_LINE_PRODUCT_DELETED_IN_TARGET", "OLD-1"),
        ("ORDER_LINE_SKU_MISSING", ""),
        ("ORDER_LINE_SKU_UNKNOWN", "NEW-1"),
        ("ORDER_LINE_PRODUCT_DELETED", "CAP"),
    ]


def test_shipping_fees_discounts_and_refunds_of_amounts_are_about_no_product():
    assert products_of(
        """
        kind     | sku
        shipping |
        fee      | MUG-1
        discount |
        refund   |
        """
    ) == ["", "", "", ""]


def test_a_person_can_name_the_product_of_a_line_of_an_order_or_of_a_sku():
    lines = """
        order_key     | line | source_product_id | sku
        woocommerce:1 | 1    | 0                 |
        woocommerce:1 | 2    | 0                 |
        woocommerce:2 | 1    | 77                | LOST
        woocommerce:3 | 1    | 20                | lost
        """
    assert products_of(
        lines,
        corrections="""
        order_key     | line | sku  | new_sku
        woocommerce:1 | 1    |      | MUG-1
        woocommerce:1 | 2    |      | OLD-1
        woocommerce:2 |      | LOST | cap-r
                      |      | LOST | 123
        """,
    ) == ["mug", "old", "cap-red", "tea"]


def test_a_name_that_is_wrong_too_is_held_as_it_was_given():
    assert matched(
        "source_product_id\n0", corrections="order_key | line | sku | new_sku\nwoocommerce:1 | 1 | | NIX"
    ) == [("ORDER_LINE_PRODUCT_DELETED", "NIX")]


def test_a_refund_is_about_the_product_of_the_item_it_takes_back():
    assert products_of(
        """
        line | kind   | source_product_id | name
        1    | item   | 0                 | Gone mug
        2    | item   | 0                 | Gone cap
        9    | refund | 0                 | Gone mug
        """,
        corrections="""
        order_key     | line | sku | new_sku
        woocommerce:1 | 1    |     | MUG-1
        woocommerce:1 | 2    |     | CAP-R
        """,
    ) == ["mug", "cap-red", "mug"]


def test_a_line_that_is_booked_stays_on_its_product_whatever_happens_to_its_sku():
    booked = """
    order_key     | line | product_id | sku   | name
    woocommerce:1 | 1    | mug        | MUG-1 | Thing
    woocommerce:1 | 2    | old        | OLD-1 | Thing
    woocommerce:1 | 3    | no-more    | MUG-1 | Thing
    woocommerce:1 | 4    | mug        | OTHER | Quite another
    """
    assert products_of(
        """
        source_product_id | sku
        0                 |
        0                 |
        0                 | MUG-1
        20                | CAP-R
        """,
        booked=booked,
    ) == ["mug", "old", "mug", "cap-red"]


skus = st.text(alphabet="aA0 1-", max_size=4)


@given(
    st.lists(st.tuples(skus, st.sampled_from(["yes", "no"])), max_size=6),
    st.lists(skus, min_size=1, max_size=6),
    st.randoms(use_true_random=False),
)
def test_each_line_has_one_product_or_one_reason_in_whatever_order_they_come(held, asked, random):
    drawn = "\n".join(["product_id | active", *[f"p{n} | {active}" for n, (_, active) in enumerate(held)], "end | no"])
    till = till_products(drawn).with_columns(sku=pl.Series([*[sku for sku, _ in held], "-"]))
    lines = order_lines("name\n" + "\n".join("x" for _ in asked)).with_columns(sku=pl.Series(asked))
    nothing = drawn_as("", BOOKED), drawn_as("", CORRECTIONS)
    found = match_lines(lines, till, *nothing, source="woocommerce")
    shuffled = till.sample(fraction=1, shuffle=True, seed=random.randint(0, 99))
    assert found.equals(match_lines(lines, shuffled, *nothing, source="woocommerce"))
    assert found["line"].to_list() == lines["line"].to_list()
    assert ((found["product_id"] != "") ^ (found["code"] != "")).all()
    sold = set(till.filter(active="yes")["product_id"])
    assert set(found["product_id"]) - {""} <= sold
    for row in found.filter(pl.col("product_id") != "").iter_rows(named=True):
        sku = till.filter(product_id=row["product_id"])["sku"].item()
        assert "".join(sku.lower().split()).lstrip("0") == "".join(row["sku"].lower().split()).lstrip("0")


# a SKU counts where it names one product on both sides

CARRIERS = dict.fromkeys(("sku", "source_product_id", "source_variation_id", "type"), pl.String)
SHIRT = "product_id | sku\nshirt | SHIRT"


def carried(lines: str, carriers: str, *, till: str = SHIRT) -> list[tuple[str, str]]:
    """Say of each line its product or code, and the detail, where the shop's catalogue says who has which SKU."""
    nothing = drawn_as("", BOOKED), drawn_as("", CORRECTIONS)
    asked = drawn_as(carriers, pl.Schema(CARRIERS))
    found = match_lines(order_lines(lines), till_products(till), *nothing, asked, source="woocommerce")
    return [(row["product_id"] or row["code"], row["detail"]) for row in found.iter_rows(named=True)]


def test_two_products_of_the_shop_with_one_sku_are_both_held():
    assert products_of("source_product_id | sku\n7 | MUG-1\n8 | mug-1") == ["mug", "ORDER_LINE_SKU_AMBIGUOUS"]
    assert products_of("source_product_id | sku\n7 | MUG-1\n8 | MUG-1") == ["ORDER_LINE_SKU_AMBIGUOUS"] * 2


def test_a_product_that_is_linked_is_no_other_product_of_the_shop():
    assert products_of("source_product_id | source_variation_id | sku\n21 | 211 | CAP-R") == [
        "ORDER_LINE_SKU_AMBIGUOUS"
    ]


def test_of_two_skus_that_differ_in_zeros_the_one_that_is_written_so_is_meant():
    assert matched("source_product_id | sku\n77 | 0123\n78 | 123", till="product_id | sku\ncable | 123") == [
        ("ORDER_LINE_SKU_AMBIGUOUS", "0123: another product of the shop has it too"),
        ("cable", ""),
    ]


def test_variations_that_show_one_sku_show_that_of_the_whole_product():
    lines = "source_product_id | source_variation_id | sku\n40 | 401 | SHIRT\n40 | 402 | SHIRT\n40 | | SHIRT"
    assert [code for code, _ in matched(lines, till=SHIRT)] == [
        "ORDER_LINE_SKU_MISSING",
        "ORDER_LINE_SKU_MISSING",
        "ORDER_LINE_PRODUCT_DELETED",
    ]


def test_the_catalogue_tells_a_variation_without_sku_by_its_very_first_line():
    whole = "sku | source_product_id | source_variation_id | type\nSHIRT | 40 | | variable"
    assert carried("source_product_id | source_variation_id | sku\n40 | 401 | SHIRT", whole) == [
        ("ORDER_LINE_SKU_MISSING", "SHIRT is the SKU of the whole product")
    ]
    assert carried("source_product_id | sku\n40 | SHIRT", whole) == [("ORDER_LINE_PRODUCT_DELETED", "SHIRT")]


def test_the_catalogue_tells_of_a_second_product_with_the_sku():
    both = "sku | source_product_id | source_variation_id | type\nSHIRT | 40 | | simple\nshirt | 41 | | simple"
    assert carried("source_product_id | sku\n40 | SHIRT\n | SHIRT", both)[0][0] == "shirt"
    assert [code for code, _ in carried("source_product_id | sku\n41 | SHIRT", both)] == ["ORDER_LINE_SKU_AMBIGUOUS"]


def test_what_the_catalogue_says_is_one_product_is_so_whatever_is_linked():
    one = "sku | source_product_id | source_variation_id | type\nSHIRT | 40 | 401 | variation"
    till = "product_id | sku | source_id\nshirt | SHIRT | 40"
    assert carried("source_product_id | source_variation_id | sku\n40 | 401 | SHIRT", one, till=till) == [("shirt", "")]


def test_a_file_that_tells_no_variations_is_matched_by_their_skus():
    assert products_of("source_product_id | sku\n20 | CAP-R\n20 | CAP-B") == ["cap-red", "cap-blue"]


def test_a_person_can_name_a_product_of_the_shop_by_its_id():
    found = match_lines(
        order_lines("source_product_id | source_variation_id | sku\n7 | | \n8 | 81 | \n8 | 82 | MUG-1"),
        till_products(TILL),
        drawn_as("", BOOKED),
        drawn_as(
            "order_key | line | source_product_id | source_variation_id | sku | new_sku\n"
            " | | 7 | | | CAP-B\n | | 8 | 81 | | CAP-R\n | | 8 | | | MUG-1",
            NO_CORRECTIONS.schema,
        ),
        source="woocommerce",
    )
    assert found["product_id"].to_list() == ["cap-blue", "cap-red", "mug"]


IDS = st.tuples(st.sampled_from(["7", "8", "9"]), st.sampled_from(["", "71", "81"]))


@given(st.lists(st.tuples(IDS, st.sampled_from(["MUG", "mug", "0MUG", "00MUG"])), min_size=1, max_size=5))
def test_no_two_products_of_the_shop_end_on_one_of_the_till_by_their_sku(sold):
    drawn = ["source_product_id | source_variation_id | sku", *[f"{p} | {v} | {sku}" for (p, v), sku in sold]]
    lines = order_lines("\n".join(drawn))
    nothing = drawn_as("", BOOKED), drawn_as("", CORRECTIONS)
    found = match_lines(lines, till_products("product_id | sku\nmug | MUG"), *nothing, source="woocommerce")
    booked = found.filter(pl.col("product_id") != "")
    assert booked.select("source_product_id", "source_variation_id").n_unique() <= 1


def test_the_file_of_held_lines_names_products_by_their_ids_in_the_shop():
    lines = order_lines("order_key | source_product_id | source_variation_id | sku\nwoocommerce:1 | 7 | 71 | X")
    nothing = drawn_as("", BOOKED), drawn_as("", CORRECTIONS)
    found = match_lines(lines, till_products(TILL), *nothing, source="woocommerce")
    held = pl.DataFrame({"order_key": ["woocommerce:1"], "kind": ["held"], "code": ["ORDER_LINE_SKU_UNKNOWN"]})
    rows = held_rows(found, the_orders("order_key | order_id\nwoocommerce:1 | 1"), held, run_id="r")
    assert rows.select("SKU", "Product ID", "Variation ID", "New SKU").rows() == [("X", "7", "71", "")]


def test_only_skus_that_no_link_answers_are_asked_for():
    lines = order_lines("source_product_id | source_variation_id | sku\n20 | 201 | CAP-R\n7 | | MUG-1\n8 | | ")
    assert skus_to_ask(lines, till_products(TILL), "woocommerce").to_list() == ["MUG-1"]
