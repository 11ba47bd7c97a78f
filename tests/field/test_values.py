"""Files as bug reports show them: what their cells must never become."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from schemas.customers import LIGHTSPEED_ECOM, TIXLY
from schemas.gift_cards import LIGHTSPEED_X
from schemas.problems import FileNeedsFixing
from schemas.stock import STOCK_LIST
from schemas.tables import Table
from tasks.core.customers.changes import decide_customer_changes
from tasks.core.customers.checks import CheckedCustomers, check_customers
from tasks.core.customers.values import Register
from tasks.core.gift_cards.checks import Checked, check_gift_cards
from tasks.core.reading.dialects import recognise
from tasks.core.reading.table import read_table
from tasks.core.stock.checks import CheckedStock, check_stock
from tests.registers import PEOPLE, SIZES, in_short, parts_of, register_of

HERE = Path(__file__).parent
TODAY = date(2026, 11, 28)
NUMBER = LIGHTSPEED_X.columns[0]


def table_of(content: bytes, dialect=LIGHTSPEED_X) -> Table:
    return read_table(content, name="drawn", dialect=dialect, code_page="windows-1252", sizes=SIZES)


def cards(content: bytes | str, currency: str = "EUR") -> Checked:
    content = content.encode() if isinstance(content, str) else content
    return check_gift_cards(
        table_of(content),
        currency=currency,
        exponent=2,
        format_choice=None,
        zero_balances="keep",
        today=TODAY,
    )


def written(checked: Checked) -> dict[str, int]:
    return dict(checked.accepted.select("number", "balance_cents").iter_rows())


def found(checked: Checked | CheckedCustomers) -> list[str]:
    return [f"{line} {heading} {code}" for line, heading, _, code, _ in checked.findings.iter_rows()]


def asked(checked: Checked) -> list[str]:
    return [f"{concern.code}: {concern.says}" for concern in checked.concerns]


def of(name: str) -> bytes:
    return (HERE / name).read_bytes()


def test_a_card_in_another_currency_is_no_card_in_ours():
    checked = cards(of("H03-currency-column.csv"))
    assert written(checked) == {"GC00000001": 2500}
    assert found(checked) == ["3 Currency AMOUNT_CURRENCY"]


def test_a_card_that_expired_or_was_disabled_is_no_money():
    checked = cards(of("H22-expired-and-disabled-cards.csv"))
    assert written(checked) == {"AAAA1111BBBB": 2500}
    assert found(checked) == ["3 Expires On GIFT_EXPIRED", "4 Enabled GIFT_ENDED", "4 Disabled At GIFT_ENDED"]


@pytest.mark.parametrize(
    "heading",
    ["Currency", "currency_code", "Devise", "Valuta", "Valutakod", "Munt", "Muntsoort", "Card Currency", "CCY", "What"],
)
def test_a_column_of_currencies_is_known_by_its_heading_or_by_what_stands_in_it(heading):
    checked = cards(f"Number,{heading},Balance\nGC1,EUR,1.00\nGC2,USD,2.00\nGC3,SEK,3.00\n")
    assert written(checked) == {"GC1": 100}
    assert found(checked) == [f"3 {heading} AMOUNT_CURRENCY", f"4 {heading} AMOUNT_CURRENCY"]


@pytest.mark.parametrize("own", ["EUR", "eur", "€", "Euro", "EUR (€)", " EUR "])
def test_the_shops_own_currency_beside_an_amount_changes_nothing(own):
    checked = cards(f"Number,Currency,Balance\nGC1,{own},1.00\n")
    assert (written(checked), found(checked), asked(checked)) == ({"GC1": 100}, [], [])


def test_a_row_that_names_no_currency_where_others_do_is_shown():
    checked = cards("Number,Currency,Balance\nGC1,EUR,1.00\nGC2,,2.00\n")
    assert asked(checked) == ["COLUMN_DOUBT: Currency says nothing on 1 row (lines 3)"]


@pytest.mark.parametrize(
    ("heading", "currency", "accepted"),
    [
        ("Balance (USD)", "EUR", False),
        ("Balance USD", "EUR", False),
        ("balance_usd", "EUR", False),
        ("Solde ($)", "EUR", False),
        ("Saldo (kr)", "EUR", False),
        ("USD Balance", "EUR", False),
        ("Saldo (kr)", "SEK", True),
        ("Saldo i kr", "SEK", True),
        ("Balance (EUR)", "EUR", True),
        ("Solde en €", "EUR", True),
    ],
)
def test_a_heading_with_a_currency_in_it_says_what_all_its_amounts_are(heading, currency, accepted):
    checked = cards(f"Number,{heading}\nGC1,1.00\nGC2,2.00\n", currency)
    assert written(checked) == ({"GC1": 100, "GC2": 200} if accepted else {})
    assert found(checked) == ([] if accepted else [f"{line} {heading} AMOUNT_CURRENCY" for line in (2, 3)])


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("heading", "cell", "code"),
    [
        ("Expires", "2021-01-01", "GIFT_EXPIRED"),
        ("Date d'expiration", "31/12/2020", "GIFT_EXPIRED"),
        ("Giltig till", "2020-12-31", "GIFT_EXPIRED"),
        ("Vervaldatum", "31-12-2020", "GIFT_EXPIRED"),
        ("Utgångsdatum", "2020-12-31 00:00:00", "GIFT_EXPIRED"),
        ("Valid until", "12/2020", "GIFT_EXPIRED"),
        ("Geldig tot", "31.12.2020", "GIFT_EXPIRED"),
        ("Expiry date", "2026-11-27T23:59:59Z", "GIFT_EXPIRED"),
        ("Expires", "soon", "GIFT_EXPIRY"),
        ("Expires", "01/02/21", "GIFT_EXPIRY"),
        ("Expires", "44197", "GIFT_EXPIRY"),
        ("Status", "expired", "GIFT_ENDED"),
        ("Statut", "Annulé", "GIFT_ENDED"),
        ("Status", "Spärrad", "GIFT_ENDED"),
        ("Status", "Geblokkeerd", "GIFT_ENDED"),
        ("État", "Inactif", "GIFT_ENDED"),
        ("Active", "false", "GIFT_ENDED"),
        ("Actif", "non", "GIFT_ENDED"),
        ("Aktiv", "Nej", "GIFT_ENDED"),
        ("Disabled", "yes", "GIFT_ENDED"),
        ("Voided At", "2020-01-01", "GIFT_ENDED"),
        ("Note", "VOID", "GIFT_ENDED"),
        ("Expired", "ja", "GIFT_ENDED"),
    ],
)
def test_a_card_that_does_not_count_any_more_is_turned_away(heading, cell, code):
    checked = cards(f"Number,Balance,{heading}\nGC1,1.00,{cell}\n")
    assert (written(checked), found(checked)) == ({}, [f"2 {heading} {code}"])


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("Expires", ""),
        ("Expires", "never"),
        ("Expires", "0000-00-00"),
        ("Expires", "NULL"),
        ("Status", "active"),
        ("Statut", "Actif"),
        ("Enabled", "TRUE"),
        ("Enabled", "1"),
        ("Disabled", "0"),
        ("Disabled", ""),
        ("Disabled At", "0000-00-00 00:00:00"),
        ("Activated", "2024-01-01"),
        ("Cancelled amount", "0.00"),
        ("Note", "from his aunt"),
        ("Customer", "Void Ann"),
    ],
)
def test_a_card_that_counts_goes_in_without_a_question(heading, cell):
    checked = cards(f"Number,Balance,{heading}\nGC1,1.00,{cell}\n")
    assert (written(checked), found(checked), asked(checked)) == ({"GC1": 100}, [], [])


@pytest.mark.parametrize(
    ("heading", "cells", "concern"),
    [
        ("Expires", ("2027-01-01", ""), "GIFT_EXPIRES: Expires says '2027-01-01' on 1 row (lines 2)"),
        ("Unit", ("x 1000", "1"), "COLUMN_DOUBT: Unit says 'x 1000' on 1 row (lines 2)"),
        ("Note", ("en milliers", "1"), "COLUMN_DOUBT: Note says 'en milliers' on 1 row (lines 2)"),
        ("Multiplier", ("1000", "1"), "COLUMN_DOUBT: Multiplier says '1000' on 1 row (lines 2)"),
        ("Status", ("A", "B"), "COLUMN_DOUBT: Status says 'A', 'B' on 2 rows (lines 2-3)"),
        ("Active", ("x", ""), "COLUMN_DOUBT: Active says nothing on 1 row (lines 3)"),
    ],
)
def test_what_a_person_must_decide_is_shown_with_its_rows(heading, cells, concern):
    checked = cards(f"Number,Balance,{heading}\nGC1,1.00,{cells[0]}\nGC2,2.00,{cells[1]}\n")
    assert (written(checked), found(checked)) == ({"GC1": 100, "GC2": 200}, [])
    assert asked(checked) == [concern]


@pytest.mark.parametrize(
    ("heading", "asks"),
    [
        ("Solde (milliers)", True),
        ("Saldo i tusental", True),
        ("Balance in cents", True),
        ("Balance x 1000", True),
        ("Balance", False),
        ("Cents Balance-less", True),
        ("Centsible balance", False),
    ],
)
def test_a_heading_that_a_shop_saved_and_that_says_thousands_is_asked_about(heading, asks):
    balance = replace(LIGHTSPEED_X.columns[1], heading=heading)
    table = table_of(f"Number,{heading}\nGC1,1.00\n".encode(), replace(LIGHTSPEED_X, columns=(NUMBER, balance)))
    checked = check_gift_cards(table, currency="EUR", exponent=2, format_choice=None, zero_balances="keep", today=TODAY)
    assert [concern.code for concern in checked.concerns] == (["COLUMN_DOUBT"] if asks else [])


def test_day_and_month_of_an_expiry_are_in_the_order_that_the_column_settles():
    settled = cards("Number,Balance,Expires\nGC1,1.00,11/12/2026\nGC2,2.00,25/12/2027\n")
    assert found(settled) == []
    unsettled = cards("Number,Balance,Expires\nGC1,1.00,11/12/2026\n")
    assert found(unsettled) == ["2 Expires GIFT_EXPIRY"]


def test_the_shops_own_mark_beside_an_amount_is_a_repair_that_is_counted():
    checked = cards(of("R-currency-only.csv"), "SEK")
    assert (written(checked), found(checked)) == ({"GC1": 9990}, ["3 Balance CELL_EMPTY"])
    assert checked.file.repairs["AMOUNT_OWN_CURRENCY"] == 1


@pytest.mark.parametrize(
    ("currency", "cell", "cents"),
    [
        ("SEK", "99,90 kr", 9990),
        ("SEK", "99,90 kr.", 9990),
        ("SEK", "SEK 99,90", 9990),
        ("SEK", "99:-", 9900),
        ("SEK", "1 234,50 kr", 123450),
        ("EUR", "€ 12.50", 1250),
        ("EUR", "12.50€", 1250),
        ("EUR", "12 EUR", 1200),
        ("EUR", "EUR 12.50", 1250),
        ("USD", "$12.50", 1250),
        ("EUR", "$12.50", None),
        ("EUR", "12.50 kr", None),
        ("EUR", "12.50 USD", None),
        ("SEK", "12.50 €", None),
        ("SEK", "12.50 NOK", None),
    ],
)
def test_a_mark_of_another_currency_turns_the_amount_away(currency, cell, cents):
    checked = cards(f'Number;Balance\nGC1;"{cell}"\n', currency)
    assert written(checked) == ({} if cents is None else {"GC1": cents})
    assert found(checked) == (["2 Balance AMOUNT_CURRENCY"] if cents is None else [])


def test_a_debt_in_the_shops_own_currency_stays_one():
    assert found(cards("Number;Balance\nGC1;-12 kr\nGC2;(12 kr)\n", "SEK")) == [
        "2 Balance AMOUNT_NEGATIVE",
        "3 Balance AMOUNT_NEGATIVE",
    ]


def test_a_total_line_in_the_shops_own_currency_is_compared():
    checked = cards("Number;Balance\nGC1;10,00 kr\nGC2;20,00 kr\nSumma;40,00 kr\n", "SEK")
    assert asked(checked) == ["FILE_TOTAL_DIFFERS: the total on line 4 is 40.00, the rows add up to 30.00"]


def test_numbers_that_a_spreadsheet_cut_are_turned_away_whatever_stands_beside_them():
    checked = cards(of("H05-digits-lost-beside-one-intact.csv"))
    assert written(checked) == {"6006491234567895123": 6000}
    assert found(checked) == [f"{line} Number CELL_PRECISION_LOST" for line in range(2, 7)]


def test_one_whole_number_saves_none_that_was_cut():
    checked = cards(of("R-zeroed-digits.csv"))
    assert found(checked) == ["2 Number CELL_PRECISION_LOST", "3 Number CELL_PRECISION_LOST"]


@pytest.mark.parametrize("word", ["NULL", "null", "None", "nan", "undefined"])
def test_a_word_for_nothing_is_no_card_number(word):
    assert found(cards(f"Number,Balance\n{word},1.00\nNA,2.00\n")) == ["2 Number CELL_EMPTY"]


FRANCE = Register(default_country="FR", today=TODAY)


def people(content: bytes, dialect=LIGHTSPEED_ECOM, register: Register = FRANCE) -> CheckedCustomers:
    return check_customers(parts_of(content, dialect), register, blank_cells="keep")


def rows_of(checked: CheckedCustomers, *columns: str) -> list[tuple[str | None, ...]]:
    return checked.accepted.select(columns).collect().rows()


def doubts(checked: CheckedCustomers) -> list[str]:
    return [f"{concern.code}: {concern.says}" for concern in checked.file.concerns]


def test_a_telephone_number_is_of_the_country_of_its_row():
    checked = people(of("H02-phone-of-the-rows-country.csv"))
    assert rows_of(checked, "first_name", "phone") == [("Ann", "+32478123456"), ("Bea", "+46701234567")]


def test_a_country_that_cannot_be_read_is_guessed_neither_for_a_telephone_nor_for_a_postcode():
    checked = people(b"Firstname,Lastname,E-Mail,Mobile,Zipcode,Country\nAnn,Prov,a@prov.se,0612345678,1,Freedonia\n")
    assert found(checked) == ["2 Country CUST_ENUM"]


def test_a_row_without_a_country_is_in_the_registers_own():
    checked = people(b"Firstname,Lastname,E-Mail,Mobile,Country\nAnn,Prov,a@prov.se,0612345678,\n")
    assert rows_of(checked, "mobile") == [("+33612345678",)]


def test_null_is_no_town_and_a_person_called_null_is_one():
    checked = people(of("H06-null-as-text-in-customers.csv"))
    assert rows_of(checked, "first_name", "last_name", "city", "company", "region") == [
        ("Ann", "Prov", None, None, None),
        ("Bea", "Prov", None, None, None),
        ("Cid", "Null", "Lyon", None, None),
    ]
    assert checked.file.repairs["CELL_PLACEHOLDER"] == 6
    assert doubts(checked) == [
        f"CELL_PLACEHOLDER_DOUBT: {heading} says 'NULL' on 2 rows (lines 2-3)"
        for heading in ("City", "Company", "Region")
    ]


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("heading", "column", "cell"),
    [
        ("Phone", "phone", "NULL"),
        ("Mobile", "mobile", "n/a"),
        ("Birthdate", "born_on", "0000-00-00"),
        ("Birthdate", "born_on", "1900-01-00"),
        ("Birthdate", "born_on", "00/00/0000"),
        ("Birthdate", "born_on", "01/01/1900"),
        ("Birthdate", "born_on", "0000-00-00 00:00:00"),
        ("Birthdate", "born_on", "NULL"),
        ("Zipcode", "postcode", "NULL"),
        ("Country", "country", "None"),
        ("Gender", "gender", "N/A"),
        ("Language", "language", "-"),
        ("City", "city", "N/A"),
        ("City", "city", "(empty)"),
        ("Company", "company", "undefined"),
        ("Streetname", "street", "-"),
        ("Vat number", "vat_number", "nan"),
    ],
)
def test_a_word_that_stands_for_nothing_costs_no_row_and_is_written_nowhere(heading, column, cell):
    checked = people(f"Firstname,Lastname,E-Mail,{heading}\nAnn,Prov,ann@prov.se,{cell}\n".encode())
    assert (found(checked), rows_of(checked, column)) == ([], [(None,)])
    assert checked.file.repairs["CELL_PLACEHOLDER"] == 1


@pytest.mark.parametrize("name", ["Null", "NULL", "None", "Nan", "Nil"])
def test_a_name_that_looks_like_a_word_for_nothing_goes_in_as_it_is(name):
    checked = people(f"Firstname,Lastname,E-Mail,City\nCid,{name},cid@prov.se,Lyon\n".encode())
    assert (rows_of(checked, "last_name"), doubts(checked)) == ([(name,)], [])


def test_naples_and_namibia_are_places():
    checked = people(b"Firstname,Lastname,E-Mail,Region,Country\nAnn,Prov,a@prov.se,NA,NA\n")
    assert rows_of(checked, "region", "country") == [("NA", "NA")]


def test_zeros_are_no_birthday_and_the_others_stay():
    checked = people(of("H16-no-birthday-as-zeros.csv"))
    assert rows_of(checked, "first_name", "born_on") == [("Ann", None), ("Bea", "1988-04-02")]
    assert checked.file.repairs["CELL_PLACEHOLDER"] == 1


def test_a_family_with_one_address_is_two_people_where_each_has_a_number():
    checked = people(of("H14-family-with-one-address.csv"), TIXLY)
    assert rows_of(checked, "customer_id", "first_name") == [("101", "Anna"), ("102", "Bo")]


def test_an_address_on_two_lines_is_written_on_one():
    checked = people(of("H15-address-on-two-lines.csv"))
    assert rows_of(checked, "street") == [("12 rue Haute, Bâtiment C",)]
    assert checked.file.repairs["CELL_LINE_BREAK"] == 1


def test_codes_of_a_company_that_a_spreadsheet_shortened_are_turned_away():
    checked = people(of("H17-vat-number-shortened.csv"))
    assert found(checked) == ["2 Coc number CELL_SCI_NOTATION", "2 Vat number CELL_SCI_NOTATION"]


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("heading", "cell", "code"),
    [
        ("Coc number", "1234567890123450", "CELL_PRECISION_LOST"),
        ("Vat number", "556677889901.0", "CELL_DECIMALS"),
        ("Company", "1,23457E+11", "CELL_SCI_NOTATION"),
        ("Phone", "4.67012E+10", "CELL_SCI_NOTATION"),
        ("Streetname", "1.2E+05", "CELL_SCI_NOTATION"),
        ("Number", "1E+05", "CELL_SCI_NOTATION"),
        ("Internal ID", "1.23457E+11", "CELL_SCI_NOTATION"),
    ],
)
def test_a_code_of_a_person_that_a_spreadsheet_changed_is_turned_away(heading, cell, code):
    checked = people(f'Firstname,Lastname,E-Mail,{heading}\nAnn,Prov,ann@prov.se,"{cell}"\n'.encode())
    assert found(checked) == [f"2 {heading} {code}"]


def test_a_postcode_of_a_country_without_a_rule_is_no_shortened_number():
    checked = people(b"Firstname,Lastname,E-Mail,Zipcode,Country\nAnn,Prov,ann@prov.se,1.23E+05,JP\n")
    assert found(checked) == ["2 Zipcode CELL_SCI_NOTATION"]


@pytest.mark.parametrize(
    ("heading", "cells", "concern"),
    [
        ("Deleted", ("0", "1"), "Deleted says '1' on 1 row (lines 3)"),
        ("Status", ("active", "inactive"), "Status says 'inactive' on 1 row (lines 3)"),
        ("Active", ("ja", "nej"), "Active says 'nej' on 1 row (lines 3)"),
        ("Inaktiverad", ("", "2024-05-01"), "Inaktiverad says '2024-05-01' on 1 row (lines 3)"),
        ("Memo", ("aktiv", "raderad"), "Memo says 'raderad' on 1 row (lines 3)"),
        ("Memo", ("", "deleted his old card"), ""),
    ],
)
def test_what_passes_through_a_tixly_file_and_says_who_is_no_more_is_shown(heading, cells, concern):
    rows = f"1001;Ann;Prov;{cells[0]}\n1002;Bo;Prov;{cells[1]}\n"
    checked = people(f"CustomerID;FirstName;LastName;{heading}\n{rows}".encode(), TIXLY)
    assert doubts(checked) == ([f"COLUMN_DOUBT: {concern}"] if concern else [])


def test_a_column_that_says_who_was_deleted_is_shown():
    checked = people(b"Firstname,Lastname,E-Mail,Deleted\nAnn,Prov,ann@prov.se,0\nBo,Prov,bo@prov.se,1\n")
    assert doubts(checked) == ["COLUMN_DOUBT: Deleted says '1' on 1 row (lines 3)"]


def dialect_of(text: str, dialects=(TIXLY, LIGHTSPEED_ECOM)) -> str:
    return recognise(text.encode(), dialects, name="people.csv", code_page="windows-1252", sizes=SIZES).name


def test_a_register_with_swedish_headings_is_tixlys():
    assert dialect_of(of("R-kundnr.csv").decode()) == "tixly"
    assert rows_of(people(of("R-kundnr.csv"), TIXLY), "customer_id", "email", "city") == [
        ("1001", "asa@kund.se", "Malmö")
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "Kundnr",
        "Kund-nr",
        "Kundnr.",
        "Kundnummer",
        "Kund-ID",
        "N° client",
        "Numéro client",
        "Numéro de client",
        "Klantnr",
        "Klantnummer",
        "Klant-ID",
        "Customer no",
        "Customer No.",
        "Customer number",
        "Customer ID",
    ],
)
def test_a_customers_number_is_known_by_its_names(heading):
    assert dialect_of(f"{heading};FirstName;LastName;Email;AddressOne\n1;Ann;Prov;a@prov.se;x\n") == "tixly"


@pytest.mark.parametrize("heading", ["Medlemsnr", "Member ID", "Nr", "ID", "N° adhérent", "Lidnummer", "Kontonummer"])
def test_a_number_that_nobody_reads_is_asked_about(heading):
    with pytest.raises(FileNeedsFixing, match="looks like the number by which people are known") as problem:
        dialect_of(f"{heading};Firstname;Lastname;Email\n1;Ann;Prov;a@prov.se\n")
    assert problem.value.code == "FILE_KEY_UNREAD"


def test_a_house_number_without_a_street_is_asked_about():
    with pytest.raises(FileNeedsFixing, match="'Nummer' looks like the number"):
        dialect_of("Nummer;Förnamn;Efternamn;E-post\n1;Ann;Prov;a@prov.se\n")


@pytest.mark.parametrize(
    "headings",
    [
        "Firstname,Lastname,E-Mail",
        "Firstname;Lastname;E-Mail;Note",
        "Internal ID,Firstname,Lastname,E-Mail,Member ID",
        "Firstname,Lastname,E-Mail,Streetname,Number",
        "Firstname,Lastname,E-Mail,Account manager,Customer,Contact",
    ],
)
def test_a_file_of_ecom_is_read_as_ever(headings):
    assert dialect_of(f"{headings}\n") == "lightspeed_ecom"


@pytest.mark.parametrize(
    ("before", "changes"),
    [
        (("familj@prov.se", "familj@prov.se"), ["update 101 city Lund -> Solna", "update 102 city Lund -> Solna"]),
        (
            ("familj@prov.se", "bo@prov.se"),
            ["update 101 city Lund -> Solna", "held 102 CUST_EMAIL_DUP_SERVER customer 101"],
        ),
        (("a@prov.se", "bo@prov.se"), ["held 101 CUST_EMAIL_SHARED", "held 102 CUST_EMAIL_SHARED"]),
    ],
    ids=["shared already", "the other has it", "nobody has it yet"],
)
def test_an_address_that_people_share_is_held_only_where_the_register_does_not_have_it_so(before, changes):
    there = register_of(f"""
        customer_id | first_name | last_name | email | city
        101 | Anna | Prov | {before[0]} | Lund
        102 | Bo | Prov | {before[1]} | Lund
    """)
    checked = people(of("H14-family-with-one-address.csv"), TIXLY)
    planned, _ = decide_customer_changes(checked.accepted, there.lazy(), PEOPLE, FRANCE, updates_by_email=False)
    assert in_short(planned) == changes


def stock(text: str, currency: str = "EUR") -> CheckedStock:
    table = table_of(text.encode(), STOCK_LIST)
    return check_stock(table, currency=currency, exponent=2, format_choice=None, today=TODAY)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("text", "findings", "concerns"),
    [
        ("SKU,Price,Currency,Stock\nMUG,1.00,USD,3\n", ["2 Currency AMOUNT_CURRENCY"], []),
        ("SKU,Price,Currency,Stock\nMUG,1.00,EUR,3\n", [], []),
        ("SKU,Price (USD),Stock\nMUG,1.00,3\n", ["2 Price (USD) AMOUNT_CURRENCY"], []),
        ("SKU,Price,Stock\nMUG,$1.00,3\n", ["2 Price AMOUNT_CURRENCY"], []),
        ("SKU,Price,Stock,Unit\nMUG,1.00,3,pcs\n", [], []),
        ("SKU,Stock,Unit\nMUG,3,box of 12\n", [], ["COLUMN_DOUBT: Unit says 'box of 12' on 1 row (lines 2)"]),
        ("SKU,Stock,Prix\nMUG,3,12\n", [], ["COLUMN_DOUBT: Prix says '12' on 1 row (lines 2)"]),
        ("SKU,Price,Stock,Cost price\nMUG,1.00,3,12\n", [], []),
        ("SKU,Stock,Archived\nMUG,3,yes\n", [], ["COLUMN_DOUBT: Archived says 'yes' on 1 row (lines 2)"]),
        ("SKU,Stock\n1.23E+12,3\n", ["2 SKU CELL_SCI_NOTATION"], []),
        ("SKU,Stock\nNULL,3\n", ["2 SKU CELL_EMPTY"], []),
        ("SKU,Stock\n600649123456781000,3\n600649123456782000,3\nMUG,1\n",
         ["2 SKU CELL_PRECISION_LOST", "3 SKU CELL_PRECISION_LOST"], []),
        ("SKU,Stock\n01234567,3\n1234568,1\n", [],
         ["CELL_LEADING_ZERO_LOST: 1 of 2 SKUs are shorter than the other 1 (8 digits): leading zeros may be lost"]),
        ("SKU,Stock\nMUG,NULL\n", ["2 Stock AMOUNT_NOT_A_NUMBER"], []),
    ],
)  # fmt: skip
def test_a_list_of_stock_is_read_for_what_it_says(text, findings, concerns):
    checked = stock(text)
    assert [f"{line} {heading} {code}" for line, heading, _, code, _ in checked.findings.iter_rows()] == findings
    assert [f"{concern.code}: {concern.says}" for concern in checked.file.concerns] == concerns


def test_a_product_is_called_by_its_name_and_not_by_a_word_for_nothing():
    checked = stock('SKU,Name,Price,Stock\nMUG,NULL,"€ 1.00",3\nCAP,"A cap,\nblue",2.00,1\n')
    assert checked.accepted.select("name", "price_cents").rows() == [("MUG", 100), ("A cap blue", 200)]
    repaired = {code: count for code, count in checked.file.repairs.items() if count}
    assert repaired == {"CELL_PLACEHOLDER": 1, "CELL_LINE_BREAK": 1, "AMOUNT_OWN_CURRENCY": 1}
