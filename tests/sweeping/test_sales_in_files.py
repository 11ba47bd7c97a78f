"""Evidence from a till that is not ours: its sales as files that stay in the inbox."""

import pytest

from tests.sweeping.shop import SALES, UPC, Shop, transaction

DAY = "2026-11-20"
FREE = f"S-1,77,{DAY} 17:45,{UPC},Dog food 2 kg,1,0.00\n"
SALE = {"Sale": "transaction_id", "Code": "upc", "When": "occurred_at"}


def learn(shop: Shop, file: str, dialect: str, name: str, means: dict[str, str]) -> None:
    columns = [word for heading, column in means.items() for word in ("--column", f"{heading}={column}")]
    shop.desk.ask("headings", file, "--dialect", dialect, "--save", name, *columns)


def test_a_file_of_sales_proves_what_the_till_has_not_got(shop: Shop):
    shop.drop_sales(f"sales-{DAY}.csv", FREE)

    answer = shop.sweep(DAY, shop.report(DAY, transaction("77", "S-1", DAY)), astro_user="")

    assert shop.failures("failure_class") == [("free_good",)]
    assert answer["rows"] == {"in": 1, "accepted": 1, "rejected": 0}, "a line of a sale is no failure"
    assert f"sales-{DAY}.csv: 1 line of sales read, 0 not" in answer["reading"]


@pytest.mark.thorough
def test_the_file_is_looked_into_every_evening(shop: Shop):
    shop.drop_sales(f"sales-{DAY}.csv", FREE)
    shop.sweep(DAY, shop.report(DAY, transaction("77", "S-1", DAY)), astro_user="")

    shop.sweep("2026-11-21", shop.report("2026-11-21", transaction("77", "S-1", DAY)), astro_user="")

    assert shop.failures("failure_class", "status") == [("free_good", "open")]


@pytest.mark.thorough
def test_of_a_day_that_the_till_has_the_file_says_nothing(shop: Shop):
    shop.drop_sales(f"sales-{DAY}.csv", FREE)
    shop.sell("S-1", "77", DAY, cents=5499)

    shop.sweep(DAY, shop.report(DAY, transaction("77", "S-1", DAY)), astro_user="")

    assert shop.failures("at_risk_cents") == [(5499,)]


@pytest.mark.thorough
def test_a_file_that_cannot_be_read_whole_is_a_concern_and_proves_no_absence(shop: Shop):
    shop.drop_sales(f"sales-{DAY}.csv", f"S-2,78,{DAY} 11:00,{UPC},Dog food 2 kg,many,54.99\n" + FREE)

    answer = shop.sweep(DAY, shop.report(DAY, transaction("77", "S-1", DAY)), astro_user="")

    (concern,) = answer["concerns"]
    assert concern["code"] == "LOYALTY_SALES_UNREAD"
    assert "1 of 2 rows cannot be read (line 2, quantity: not a quantity)" in concern["says"]
    assert shop.failures("failure_class") != [("free_good",)]


@pytest.mark.thorough
def test_a_file_of_which_nothing_can_be_read_stops_nothing_and_proves_nothing(shop: Shop):
    shop.drop_sales("sales-2026-11-19.csv", FREE.replace("S-1,77,2026-11-20", "S-2,78,2026-11-19"))
    shop.desk.storage.put(f"inbox/loyalty-sales/sales-{DAY}.csv", f"bon;wie;wat\nS-1;77;{UPC}\n".encode())
    failed = [transaction("77", "S-1", DAY), transaction("78", "S-2", "2026-11-19")]

    answer = shop.sweep(DAY, shop.report(DAY, *failed), astro_user="")

    assert shop.failures("customer_id", "failure_class") == [("78", "free_good"), ("77", "to_look_up")]
    (concern,) = answer["concerns"]
    assert concern["code"] == "LOYALTY_SALES_FILE"
    assert concern["says"].startswith(f"sales-{DAY}.csv cannot be read, and was left out: ")
    assert f"nobody knows from it what was sold on {DAY}, and no failure is proven by it" in concern["says"]

    shop.drop_sales(f"sales-{DAY}.csv", FREE)
    shop.sweep(DAY, shop.report(DAY, *failed), astro_user="")
    assert shop.failures("failure_class") == [("free_good",), ("free_good",)]


@pytest.mark.thorough
def test_a_day_of_which_one_of_two_files_cannot_be_read_is_not_known_whole(shop: Shop):
    shop.drop_sales("month.csv", FREE)
    shop.desk.storage.put(f"inbox/loyalty-sales/sales-{DAY}.csv", b"\x00\x01 nothing of a table")

    shop.sweep(DAY, shop.report(DAY, transaction("77", "S-1", DAY)), astro_user="")

    assert shop.failures("failure_class") == [("to_look_up",)]


@pytest.mark.thorough
def test_a_file_of_sales_that_cannot_be_read_is_told_beside_decisions_too(shop: Shop):
    shop.desk.storage.put("inbox/loyalty-sales/broken.csv", b"bon;wie\nS-1;77\n")
    answer = shop.sweep(DAY, shop.report(DAY, transaction("77", "S-1", DAY)))
    worklist = shop.desk.fetch(answer["run_id"], "worklist.csv")

    resolved = shop.desk.ask("resolve", worklist, "--mode", "preview", "--day", DAY)

    assert [concern["code"] for concern in resolved["concerns"]] == ["LOYALTY_SALES_FILE"]


@pytest.mark.thorough
def test_a_named_file_is_read_and_one_that_is_not_there_is_named(shop: Shop):
    file = shop.report(DAY, transaction("77", "S-1", DAY))
    sales = shop.desk.write("ours.csv", SALES + FREE)
    options = ("--mode", "preview", "--day", DAY)

    answer = shop.desk.ask("run", "loyalty", file, "--sales", sales, *options, astro_user="")
    lost = shop.desk.ask("run", "loyalty", file, "--sales", "loyalty-sales/lost.csv", *options, code=2)

    assert "ours.csv: 1 line of sales read, 0 not" in answer["reading"]
    assert "inbox/loyalty-sales/lost.csv: there is no such file" in lost["says"]


@pytest.mark.thorough
def test_a_shop_saves_its_own_headings_of_reports(shop: Shop):
    file = shop.desk.write(f"odd-{DAY}.csv", f"Who,Sale,Code,When,Why\n77,S-1,{UPC},{DAY} 17:45,No Items Found\n")
    learn(shop, file, "astro_transaction_failures", "our-report", SALE | {"Who": "customer_id", "Why": "reason"})

    shop.sweep(DAY, file, loyalty_headings="our-report")

    assert shop.failures("customer_id", "transaction_id", "reason_code") == [("77", "S-1", "no_items_found")]


PAGE = f"""<!DOCTYPE html><html><body><table><tr><td>
<table><tr><th>Wie</th><th>Beloning</th><th>Wanneer</th><th>Waarom</th><th></th></tr>
  <tr><td>77</td><td>R-1</td><td>{DAY} 17:45</td><td>Email is missing</td><td>Hide</td></tr></table>
<table><tr><th>Wie</th><th>Code</th><th>Wanneer</th><th>Waarom</th><th></th></tr>
  <tr><td>78</td><td>{UPC}</td><td>{DAY} 17:45</td><td>No Items Found</td><td>Hide</td></tr></table>
</td></tr></table></body></html>"""


@pytest.mark.thorough
def test_a_shop_saves_its_headings_from_the_page_of_the_report(shop: Shop):
    file = shop.desk.write(f"page-{DAY}.html", PAGE)
    means = {"Wie": "customer_id", "Wanneer": "occurred_at", "Waarom": "reason"}
    learn(shop, file, "astro_redemption_failures", "page", means | {"Beloning": "reward_id"})
    learn(shop, file, "astro_transaction_failures", "page", means | {"Code": "upc"})

    shop.sweep(DAY, file, astro_user="", loyalty_headings="page")

    answer = shop.failures("section", "customer_id", "reason_code")
    assert sorted(answer) == [("redemption", "77", "contact_missing"), ("transaction", "78", "no_items_found")]


def test_a_heading_of_the_page_that_is_not_known_is_asked_for(shop: Shop):
    file = shop.desk.write(f"page-{DAY}.html", PAGE)
    options = ("--dialect", "astro_transaction_failures", "--save", "page", "--column", "Wie=customer_id")

    answer = shop.desk.ask("headings", file, *options, code=2)

    assert "line 1: the heading 'upc' is missing" in answer["says"]
    assert "--column 'HEADING=COLUMN'; columns: customer_name, customer_id, transaction_id, upc" in answer["says"]


@pytest.mark.thorough
def test_a_shop_saves_its_own_headings_of_sales(shop: Shop):
    means = {"Bon": "sale_id", "Wie": "customer_id", "Wanneer": "sold_at", "Code": "upc", "Wat": "item"}
    means |= {"Stuks": "quantity", "Betaald": "paid"}
    file = shop.desk.write("till.csv", f"{','.join(means)}\n{FREE}")
    learn(shop, file, "pos_sales", "our-till", means)
    shop.desk.storage.put("inbox/loyalty-sales/till.csv", (shop.desk.folder / "till.csv").read_bytes())

    shop.sweep(DAY, shop.report(DAY, transaction("77", "S-1", DAY)), astro_user="", loyalty_headings="our-till")

    assert shop.failures("failure_class") == [("free_good",)]
