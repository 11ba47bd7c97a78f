"""What a file of customers becomes in a system that has no place for some of its columns."""

import polars as pl
import pytest

from schemas.customer_systems import LIGHTSPEED_X_SYSTEM, WOOCOMMERCE_SYSTEM, System, ecom_system
from schemas.customers import LIGHTSPEED_ECOM
from tasks.core.customers.fitting import concern_of_cells_left_out, fitted, with_usual
from tests.tables import frame

ECOM = ecom_system(language="fr", groups=True, groups_apart=";")


def fit(drawn: str, system: System) -> tuple[list[dict[str, str | None]], dict[str, int]]:
    """Draw rows by column; ``null`` leaves what is there."""
    headings = [name.strip() for name in next(line for line in drawn.splitlines() if line.strip()).split("|")]
    rows = frame(drawn, dict.fromkeys(headings, pl.String)).with_columns(pl.all().replace("-", ""))
    fits, left = fitted(rows.lazy(), system)
    return fits.collect().to_dicts(), left


def test_a_street_and_its_number_are_one_line_in_woocommerce():
    rows, left = fit(
        """
        street    | house_number | house_extension | shipping_street | shipping_house_number
        Rue Haute | 12           | B               | Kade            | 1
        Rue Haute | -            | -               | -               | -
        null      | null         | null            | null            | null
        """,
        WOOCOMMERCE_SYSTEM,
    )
    assert [(row["street"], row["shipping_street"]) for row in rows] == [
        ("Rue Haute 12 B", "Kade 1"),
        ("Rue Haute", ""),
        (None, None),
    ]
    assert (list(rows[0]), left) == (["street", "shipping_street"], {})


def test_a_number_whose_street_is_left_as_it_is_is_left_out_and_counted():
    rows, left = fit("street | house_number\nnull | 12\nRue Haute | 12", WOOCOMMERCE_SYSTEM)
    assert ([row["street"] for row in rows], left) == ([None, "Rue Haute 12"], {"house_number": 1})


def test_what_stands_before_a_last_name_goes_with_it():
    rows, left = fit("name_prefix | last_name\nvan | Dyk\n- | Lee", WOOCOMMERCE_SYSTEM)
    assert ([row["last_name"] for row in rows], left) == (["van Dyk", "Lee"], {})


def test_filled_cells_without_a_place_are_counted_by_column_and_blank_ones_are_none():
    rows, left = fit(
        """
        email   | born_on    | gender | mobile | registered | extra
        a@x.se  | 1988-04-02 | male   | -      | 2020       | {"A":"1"}
        b@x.se  | 1988-04-03 | null   | null   | 2021       | {}
        """,
        WOOCOMMERCE_SYSTEM,
    )
    assert rows == [{"email": "a@x.se"}, {"email": "b@x.se"}]
    assert left == {"born_on": 2, "gender": 1, "extra": 1}


def test_words_that_a_system_does_not_know_are_left_out_one_by_one():
    rows, left = fit(
        """
        gender | customer_type
        male   | Private
        1      | company
        other  | B2B
        -      | -
        null   | null
        """,
        ECOM,
    )
    assert [row["gender"] for row in rows] == ["male", None, None, "", None]
    assert [row["customer_type"] for row in rows] == ["private", "company", None, "", None]
    assert left == {"gender": 2, "customer_type": 1}


def test_names_of_groups_are_held_in_one_order_whatever_stands_between_them():
    rows, _ = fit("line | groups\n1 | VIP; Club ;VIP\n2 | -\n3 | null", ECOM)
    assert [row["groups"] for row in rows] == ["Club, VIP", "", None]


def test_groups_are_left_out_where_a_shop_leaves_them():
    rows, left = fit("email | groups\na@x.se | VIP", ecom_system(language="fr", groups=False, groups_apart=","))
    assert (rows, left) == ([{"email": "a@x.se"}], {"groups": 1})


def test_blank_cells_say_what_the_system_makes_of_them():
    drawn = """
        kind   | confirmed_before | confirmed_after | customer_type_before | customer_type_after | language_after
        create | null             | -               | null                 | company             | -
        update | Yes              | -               | private              | private             | nl
        update | No               | Yes             | private              | company             | -
        held   | null             | -               | null                 | -                   | -
        remove | Yes              | null            | private              | null                | null
    """
    headings = [name.strip() for name in drawn.strip().splitlines()[0].split("|")]
    changes = frame(drawn, dict.fromkeys(headings, pl.String)).with_columns(pl.all().replace("-", ""))
    changes = changes.with_columns(language_before=pl.lit(""))
    after = with_usual(changes, ECOM).select("confirmed_after", "customer_type_after", "language_after").rows()
    assert after == [
        ("No", "company", "fr"),
        ("Yes", "private", "nl"),
        ("Yes", "company", ""),
        ("", "", ""),
        (None, None, None),
    ]


@pytest.mark.parametrize(
    ("left", "says"),
    [
        ({}, []),
        (
            {"born_on": 1_204, "gender": 3},
            ["WooCommerce has no place for 1,207 filled cells, left out (Birthdate 1,204, Gender 3)"],
        ),
        ({"extra": 1}, ["WooCommerce has no place for 1 filled cell, left out (extra 1)"]),
    ],
)
def test_what_is_left_out_is_a_concern_by_the_headings_of_the_file(left: dict[str, int], says: list[str]):
    concerns = concern_of_cells_left_out(left, WOOCOMMERCE_SYSTEM, LIGHTSPEED_ECOM)
    assert [concern.says for concern in concerns] == says
    assert [concern.about for concern in concerns] == ([tuple(sorted(left))] if left else [])


def test_x_series_holds_birthdays_and_two_genders_and_no_groups():
    rows, left = fit(
        """
        last_name | name_prefix | born_on    | gender | groups | street    | house_number | vat_number
        Dyk       | van         | 1988-04-02 | Female | VIP    | Rue Haute | 12           | BE0123
        Lee       | -           | -          | other  | -      | Kade      | -            | -
        """,
        LIGHTSPEED_X_SYSTEM,
    )
    assert rows == [
        {"last_name": "van Dyk", "born_on": "1988-04-02", "gender": "female", "street": "Rue Haute 12"}
        | {"vat_number": "BE0123"},
        {"last_name": "Lee", "born_on": "", "gender": None, "street": "Kade", "vat_number": ""},
    ]
    assert left == {"groups": 1, "gender": 1}
