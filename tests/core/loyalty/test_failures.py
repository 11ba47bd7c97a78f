"""Reports of failures: what every row is read as, what is sent back, and by which key a failure is known again."""

import io

import polars as pl
import pytest
import xlsxwriter

from schemas.loyalty.reports import REDEMPTION_FAILURES
from schemas.problems import FileNeedsFixing
from schemas.records import RowCounts
from tasks.core.loyalty.failures import CheckedFailures
from tasks.core.loyalty.item_codes import read_item_codes
from tasks.core.rejects.file import write_rejects
from tests.loyalty import PARIS, check, checked, drawn, found, read

REDEMPTIONS = """
    customer_name | customer_id | reward_id | occurred_at         | program      | reason
    John Demo     | P-77        | 1990367   | 2026-11-20 17:45:00 | Buy 12 get 1 | Email address is missing
    Ann Other     | P-78        | 1990368   | 2026-11-21 09:00:00 | Buy 12 get 1 | Item is not free eligible
"""
TRANSACTIONS = """
    customer_name | customer_id | transaction_id | upc          | occurred_at      | reason
    John Demo     | P-77        | S-9001-1       | 012345678905 | 2026-11-20 17:45 | No Items Found
    Ann Other     | P-78        | S-9002-1       | 012345678905 | 2026-11-21 09:00 | TransactionID already exists
"""


def rows(came: CheckedFailures, *names: str) -> list[tuple[object, ...]]:
    return came.failures.select(names).rows()


def test_a_redemption_and_a_transaction_are_read_by_their_headings():
    redemptions, transactions = checked(REDEMPTIONS), checked(TRANSACTIONS)

    assert found(redemptions) == found(transactions) == []
    assert rows(redemptions, "section", "reward_id", "reason_code") == [
        ("redemption", "1990367", "contact_missing"),
        ("redemption", "1990368", "item_not_eligible"),
    ]
    assert rows(transactions, "section", "transaction_id", "upc", "reason_code") == [
        ("transaction", "S-9001-1", "012345678905", "no_items_found"),
        ("transaction", "S-9002-1", "012345678905", "transaction_exists"),
    ]


def test_times_are_the_shops_and_the_day_stays_the_shops():
    came = checked(TRANSACTIONS.replace("09:00", "00:30"), PARIS).failures

    assert came["occurred_at"].dt.strftime("%d %H:%M").to_list() == ["20 16:45", "20 23:30"]
    assert came["occurred_on"].dt.strftime("%d").to_list() == ["20", "21"]


def test_every_bad_cell_is_named_and_no_row_is_left_out_of_the_count():
    came = checked("""
        customer_name | customer_id | transaction_id | upc          | occurred_at      | reason         | qty | amount
        A             | 1           | T1             | 012345678905 | 2026-11-20 17:45 | No Items Found | 2   | 54.99
        A             | 1           | 1.02E+04       | 12-34        | 2026-11-20       | No Items Found |     |
                      |             | T3             | 012345678905 | 2026-11-20 17:45 | No Items Found |     |
        A             | 1           | T4             |              | soon             |                | two | 5.555
        =cmd()        | 1           | T5             | 1.23E+10     | 2026-11-27       | No Items Found | -1  | ten
    """)

    assert found(came) == [
        "3 transaction_id CELL_SCI_NOTATION",
        "3 upc LOYALTY_UPC",
        "4 customer_name LOYALTY_NOBODY",
        "5 upc CELL_EMPTY",
        "5 reason CELL_EMPTY",
        "5 occurred_at LOYALTY_TIME",
        "5 qty LOYALTY_QUANTITY",
        "5 amount AMOUNT_PRECISION",
        "6 customer_name CELL_FORMULA",
        "6 upc CELL_SCI_NOTATION",
        "6 occurred_at LOYALTY_TIME_AHEAD",
        "6 qty LOYALTY_QUANTITY",
        "6 amount AMOUNT_NOT_A_NUMBER",
    ]
    assert came.rows == RowCounts(rows_in=5, accepted=1, rejected=4)
    assert rows(came, "quantity_milli", "amount_cents") == [(2000, 5499)]


def test_rejects_come_back_as_the_file_that_came():
    table = read(drawn(REDEMPTIONS.replace("1990368", "")))["redemption"]
    came = check(table, "redemption")

    text = write_rejects(table, came.findings, run_id="run1", dialect=REDEMPTION_FAILURES).decode()
    assert text.splitlines()[1].endswith('"reward_id: empty; fill the cell in, or take the row out","run1:3"')


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("012345678905", "12345678905"),
        ("012345678905", "0012345678905"),
        ("012345678905", "0 12345 67890 5"),
        ("4006381333931", "04006381333931"),
    ],
)
def test_one_item_has_one_code_however_many_zeros_lead(one: str, other: str):
    read_codes = read_item_codes(pl.Series([one, other])).values
    assert read_codes[0] == read_codes[1] == one


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("No Items Found", "no_items_found"),
        ("Aucun article trouvé", "no_items_found"),
        ("TransactionID already exists.", "transaction_exists"),
        ("TransactionID existe déjà", "transaction_exists"),
        ("Transaction ID Already Exists", "transaction_exists"),
        ("Customer not found (310)", "customer_not_found"),
        ("Nope (700)", "no_items_found"),
        ("Nope (code 310)", "customer_not_found"),
        ("Nope (999)", "other"),
        ("The card is locked", "other"),
    ],
)
def test_a_reason_is_known_by_its_words_or_its_number_and_is_not_guessed(reason: str, code: str):
    came = checked(TRANSACTIONS.replace("No Items Found", reason))
    assert came.failures["reason_code"][0] == code


def keys(text: str) -> list[str]:
    return checked(text).failures["failure_key"].to_list()


def test_a_failure_has_the_same_key_in_every_report():
    longer = TRANSACTIONS.replace("No Items Found", "no  items found").replace("17:45", "17:45:00")
    reordered = longer.strip().splitlines()
    swapped = "\n".join([reordered[0], reordered[2], reordered[1]])

    assert keys(swapped) == list(reversed(keys(TRANSACTIONS)))


@pytest.mark.parametrize(
    "change", [("P-77", "P-79"), ("S-9001-1", "S-9009-1"), ("17:45", "17:46"), ("No Items", "No Item")]
)
def test_what_makes_another_failure_makes_another_key(change: tuple[str, str]):
    assert keys(TRANSACTIONS.replace(*change))[0] != keys(TRANSACTIONS)[0]


def test_two_items_of_one_sale_are_two_failures():
    assert (
        len(set(keys(TRANSACTIONS + "John Demo | P-77 | S-9001-1 | 555555555555 | 2026-11-20 17:45 | No Items Found")))
        == 3
    )


def test_a_row_told_twice_is_one_failure_but_rows_without_id_stay_apart():
    twice = checked(TRANSACTIONS + TRANSACTIONS.strip().splitlines()[1])
    assert (twice.rows.accepted, twice.failures.height, twice.repeated) == (3, 2, 1)

    nameless = checked(
        TRANSACTIONS.replace("S-9001-1", "").replace("S-9002-1", "")
        + "John Demo | P-77 | | 012345678905 | 2026-11-20 17:45 | No Items Found"
    )
    assert (nameless.failures.height, nameless.repeated) == (3, 0)


IN_CURRENCIES = """
    customer_name | customer_id | reward_id | occurred_at      | reason | amount     | {heading}
    Ann Other     | 1           | 1990367   | 2026-11-20 17:45 | Nope   | {amount}   | {own}
    Bo Other      | 2           | 1990368   | 2026-11-20 17:45 | Nope   | {another}  | {foreign}
"""


@pytest.mark.parametrize(
    ("heading", "own", "foreign", "findings", "concerns"),
    [
        ("Currency", "EUR", "USD", ["3 Currency AMOUNT_CURRENCY"], []),
        ("Devise", "€", "kr", ["3 Devise AMOUNT_CURRENCY"], []),
        ("What", "EUR", "SEK", ["3 What AMOUNT_CURRENCY"], []),
        ("Valuta", "EUR", "", [], ["COLUMN_DOUBT"]),
        ("Currency", "EUR", "euro", [], []),
        ("Memo", "EUR", "a dollar less", [], []),
    ],
)
def test_a_column_beside_the_amounts_says_their_currency(heading, own, foreign, findings, concerns):
    text = IN_CURRENCIES.format(heading=heading, own=own, foreign=foreign, amount="54.99", another="12.50")
    came = checked(text)
    assert (found(came), [concern.code for concern in came.concerns]) == (findings, concerns)


def test_where_no_amount_stands_its_currency_is_nobodys_affair():
    came = checked(IN_CURRENCIES.format(heading="Currency", own="EUR", foreign="USD", amount="54.99", another=""))
    assert (found(came), came.concerns) == ([], ())


@pytest.mark.parametrize(
    ("heading", "findings"),
    [("amount (USD)", ["2 amount (USD) AMOUNT_CURRENCY"]), ("amount (EUR)", []), ("amount in €", [])],
)
def test_a_heading_says_the_currency_of_all_amounts_below_it(heading, findings):
    came = checked(f"""
        customer_id | reward_id | occurred_at      | reason | {heading}
        1           | 1990367   | 2026-11-20 17:45 | Nope   | 54.99
        1           | 1990368   | 2026-11-20 17:46 | Nope   |
    """)
    assert found(came) == findings
    assert rows(came, "reward_id", "amount_cents")[-1] == ("1990368", None)


def test_the_shops_own_mark_beside_an_amount_is_a_repair_that_is_counted_and_another_costs_the_row():
    came = checked("""
        customer_id | reward_id | occurred_at      | reason | amount
        1           | 1990367   | 2026-11-20 17:45 | Nope   | 54.99 €
        1           | 1990368   | 2026-11-20 17:46 | Nope   | 54.99 kr
    """)
    assert rows(came, "reward_id", "amount_cents") == [("1990367", 5499)]
    assert (found(came), came.repairs["AMOUNT_OWN_CURRENCY"]) == (["3 amount AMOUNT_CURRENCY"], 1)


@pytest.mark.parametrize(
    ("one", "other", "what"),
    [
        ("1 | 54.99 | Buy 12", "1 | 77.00 | Buy 12", "amount"),
        ("1 | 54.99 | Buy 12", "2 | 77.00 | Buy 12", "quantity or amount"),
        ("1 | 54.99 | Buy 12", "1 |       | Buy 12", "amount"),
        ("1 | 54.99 | Buy 12", "1 | 54.99 | Buy 10", "programme"),
        ("1 | 54.99 | Buy 12", "1 | 54.99 | buy  12", ""),
    ],
)
def test_one_failure_that_two_rows_tell_differently_is_asked_about(one: str, other: str, what: str):
    came = checked(f"""
        customer_id | reward_id | occurred_at      | reason | quantity | amount | program
        1           | 1990367   | 2026-11-20 17:45 | Nope   | {one}
        1           | 1990368   | 2026-11-20 17:46 | Nope   | 1 | 10.00 | Buy 12
        1           | 1990367   | 2026-11-20 17:45 | Nope   | {other}
    """)
    says = f"1 failure is told more than once, with another {what} (lines 2, 4): the first row is taken"
    assert [(each.code, each.says) for each in came.concerns] == ([("LOYALTY_TOLD_OTHERWISE", says)] if what else [])
    assert rows(came, "reward_id", "amount_cents") == [("1990367", 5499), ("1990368", 1000)]


def test_an_empty_report_is_read_and_tells_its_section():
    assert list(read(drawn(REDEMPTIONS.split("John", maxsplit=1)[0]))) == ["redemption"]


def test_a_file_of_neither_section_says_what_is_missing():
    with pytest.raises(FileNeedsFixing, match="'reward_id'"):
        read(drawn("customer_name | occurred_at | reason\nA | 2026-11-20 | x"))


def test_a_workbook_holds_both_sections_on_a_sheet_each_and_its_dates_are_dates():
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    when = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for title, text in (("Redemptions", REDEMPTIONS), ("Transactions", TRANSACTIONS)):
        page = book.add_worksheet(title)
        for at, line in enumerate(text.strip().splitlines()):
            for column, cell in enumerate(cell.strip() for cell in line.split("|")):
                if cell.startswith("2026"):
                    page.write_datetime(at, column, pl.Series([cell[:16]]).str.to_datetime("%Y-%m-%d %H:%M")[0], when)
                else:
                    page.write(at, column, cell)
    book.close()

    tables = read(content.getvalue(), "report.xlsx")
    came = {section: check(table, section) for section, table in tables.items()}
    assert [found(each) for each in came.values()] == [[], []]
    assert came["redemption"].failures["failure_key"].to_list() == keys(REDEMPTIONS)
    assert came["transaction"].failures["failure_key"].to_list() == keys(TRANSACTIONS)
