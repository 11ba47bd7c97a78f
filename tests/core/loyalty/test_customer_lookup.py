"""Whom a failure is about where the report tells no number: by the link of the name, by the name and a sale."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from schemas.loyalty.witnesses import SALES
from tasks.core.loyalty.customer_lookup import REGISTER, identify, linked_id
from tasks.core.loyalty.times import Clock
from tests.loyalty import check, read

PAGE = (Path(__file__).parents[2] / "field" / "M1-astro-report-page.html").read_bytes()
SAVED = Clock(zone="UTC", today=date(2026, 11, 28))
NOBODY = REGISTER.to_frame()
NO_SALES = SALES.to_frame()


def failures(page: bytes = PAGE, name: str = "report.html") -> dict[str, pl.DataFrame]:
    return {section: check(table, section, SAVED).failures for section, table in read(page, name).items()}


def without_links(page: bytes = PAGE) -> bytes:
    text = page.decode()
    while "<a " in text:
        start, end = text.index("<a "), text.index(">", text.index("<a ")) + 1
        text = text[:start] + text[end:].replace("</a>", "", 1)
    return text.encode()


def register(**people: str) -> pl.DataFrame:
    return pl.DataFrame([(number[1:], name) for number, name in people.items()], schema=REGISTER, orient="row")


def sold(*rows: tuple[str, str, str]) -> pl.DataFrame:
    lines = [(f"S{n}", who, date.fromisoformat(day), upc, "", 1000, 1000) for n, (who, day, upc) in enumerate(rows)]
    return pl.DataFrame(lines, schema=SALES, orient="row")


def identified(rows: pl.DataFrame, people: pl.DataFrame = NOBODY, sales: pl.DataFrame = NO_SALES) -> list[str]:
    return identify(rows, people, sales).failures["customer_id"].to_list()


@pytest.mark.parametrize(
    ("link", "number"),
    [
        ("https://www.astroloyalty.com/retailer/customer/checkout?id=778123", "778123"),
        ("https://www.astroloyalty.com/x?tab=5&customer_id=778123&id=9", "778123"),
        ("https://x.example/a?astro_customer_id=5#top", "5"),
        ("/retailer/customer/778123/", "778123"),
        ("/checkout/1?from=report", "1"),
        ("https://x.example/a?page=2", None),
        ("https://x.example/a?id=0", None),
        ("https://x.example/customer", None),
        ("", None),
    ],
)
def test_the_number_that_a_link_names(link: str, number: str | None):
    assert pl.DataFrame({"link": [link]}).select(linked_id(pl.col("link"))).item() == number


def test_the_page_of_the_report_tells_its_customers_by_their_links():
    both = failures()
    assert identified(both["redemption"]) == ["778123", "778124"]
    assert identified(both["transaction"]) == ["778123", "778125"]
    assert identify(both["redemption"], NOBODY, NO_SALES).says == ("2 customers are known by the link of their name",)
    assert both["redemption"]["customer_name"].to_list() == ["John Demo", "Ann Other"]
    assert both["redemption"]["customer_link"][0].endswith("checkout?id=778123")


def test_a_failure_keeps_the_key_that_it_had_before_links_were_read():
    assert failures()["redemption"]["failure_key"].equals(failures(without_links())["redemption"]["failure_key"])


def test_a_link_whose_number_is_somebody_else_at_the_till_is_not_taken():
    rows = failures()["redemption"]
    assert identified(rows, register(n778123="Somebody Else", n778124="ann  other")) == ["", "778124"]
    assert identified(rows, register(n778123="Somebody Else", n12="John Demo")) == ["12", "778124"]


def test_without_a_link_a_name_that_one_customer_has_tells_who_it_was():
    rows = failures(without_links())["redemption"]
    assert rows["customer_link"].to_list() == ["", ""]
    assert identified(rows, register(n12="John Demo", n13="Other, Ann")) == ["12", "13"]
    assert identified(rows) == ["", ""]


@pytest.mark.parametrize(
    ("sales", "who"),
    [
        ([], ""),
        ([("12", "2026-11-28", "012345678905")], "12"),
        ([("12", "2026-11-28", "099999999999")], ""),
        ([("12", "2026-11-27", "012345678905")], ""),
        ([("12", "2026-11-28", "012345678905"), ("13", "2026-11-28", "012345678905")], ""),
        ([("12", "2026-11-28", "099999999999"), ("13", "2026-11-28", "012345678905")], "13"),
    ],
)
def test_of_several_people_of_one_name_only_a_fitting_sale_tells(sales: list[tuple[str, str, str]], who: str):
    rows = failures(without_links())["transaction"].head(1)
    people = register(n12="John Demo", n13="John Demo")
    came = identify(rows, people, sold(*sales))
    assert came.failures["customer_id"].to_list() == [who]
    assert ("to be looked up: several customers have that name" in str(came.says)) == (who == "")
    assert "John" not in str(came.says)


def test_a_number_that_the_report_tells_stays():
    rows = failures()["redemption"].with_columns(customer_id=pl.lit("P-77"))
    assert identified(rows, register(n12="John Demo")) == ["P-77", "P-77"]


def test_a_row_that_was_cut_short_is_not_filled_up_by_its_link():
    page = PAGE.decode().replace("<td>Item not eligible for free</td><td><button>Hide</button></td>", "")
    table = read(page.encode(), "report.html")["redemption"]
    assert [line for line, *_ in check(table, "redemption", SAVED).findings.iter_rows()] == [3]


def test_links_in_headings_and_those_that_lead_nowhere_are_no_customers():
    page = PAGE.decode().replace("<th>Customer</th>", '<th><a href="?sort=1">Customer</a></th>')
    page = page.replace("https://www.astroloyalty.com/retailer/customer/checkout?id=778124", "javascript:open(778124)")
    assert identified(failures(page.encode())["redemption"]) == ["778123", ""]
