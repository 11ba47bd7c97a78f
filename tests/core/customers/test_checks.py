"""A file of customers: what every row is read as, and what is sent back."""

import json
from dataclasses import replace

import pytest

from schemas.problems import FileNeedsFixing
from tests.registers import SWEDEN, check, found


def test_values_are_written_one_way_however_the_file_writes_them():
    checked = check("""
        Firstname | Lastname | E-mail          | Phone         | Zipcode | Country | Birthdate  | Gender | Confirmed
        Zoé       | Dupré    | zoe@Example.ORG | 070-123 45 67 | 41101   | Suède   | 31/12/1970 | F      | oui
    """)

    assert found(checked) == []
    row = checked.accepted.collect().row(0, named=True)
    columns = ("email", "phone", "postcode", "country", "born_on", "gender", "confirmed")
    assert {name: row[name] for name in columns} == {
        "email": "zoe@example.org",
        "phone": "+46701234567",
        "postcode": "411 01",
        "country": "SE",
        "born_on": "1970-12-31",
        "gender": "female",
        "confirmed": "Yes",
    }


def test_every_bad_cell_is_named_with_its_line_and_the_files_own_heading():
    checked = check("""
        Prénom | Nom   | Adresse électronique | Pays      | Date de naissance
        Anna   |       | anna@example.se      | SE        | 1970-01-01
        Bo     | Berg  | bo@@example.se       | SE        | 1970-01-01
        Cy     | Dahl  | cy@example.se        | Freedonia | 2088-01-01
        Di     | Ek    | di@example.se        | SE        | 1970-01-01
    """)

    assert found(checked) == [
        "2 Nom CUST_REQUIRED",
        "3 Adresse électronique CUST_EMAIL_INVALID",
        "4 Date de naissance CUST_DATE_RANGE",
        "4 Pays CUST_ENUM",
    ]
    assert checked.accepted.collect()["first_name"].to_list() == ["Di"]
    assert (checked.rows.rows_in, checked.rows.accepted, checked.rows.rejected) == (4, 1, 3)


def test_two_rows_for_one_address_are_both_sent_back_and_name_each_other():
    checked = check("""
        Firstname | Lastname | Email
        Flo       | Ek       | flo@example.se
        Gus       | Ek       | gus@example.se
        Flora     | Ek       | FLO@example.se
    """)

    assert found(checked) == ["2 Email CUST_EMAIL_DUP_FILE", "4 Email CUST_EMAIL_DUP_FILE"]
    assert checked.findings["detail"].to_list() == ["also on line 4", "also on line 2"]


@pytest.mark.parametrize(
    ("one", "other", "policy"),
    [
        ("flo.ek@gmail.com", "floek@gmail.com", {"ignore_dots": True}),
        ("flo@example.se", "flo+shop@example.se", {"ignore_plus": True}),
    ],
)
def test_which_addresses_are_one_is_the_shops_policy(one: str, other: str, policy: dict[str, bool]):
    text = f"Firstname | Lastname | Email\nFlo | Ek | {one}\nFlo | Ek | {other}"

    assert found(check(text)) == []
    assert len(found(check(text, register=replace(SWEDEN, **policy)))) == 2


def test_numbers_of_cards_are_numbers_and_stand_once():
    checked = check(
        """
        CustomerID | FirstName | LastName | Email
        10233      | Åsa       | Öberg    | asa@example.se
        0          | Nils      | Ek       | nils@example.se
        12,5       | Bo        | Ek       | bo@example.se
        1.02E+04   | Cy        | Ek       | cy@example.se
        -4         | Di        | Ek       | di@example.se
        77         | Eva       | Ek       | eva@example.se
        077        | Eva       | Berg     | eva.berg@example.se
        """,
        "tixly",
    )

    assert found(checked) == [
        "4 CustomerID TIXLY_CUSTOMER_ID_NOT_INT",
        "5 CustomerID CELL_SCI_NOTATION",
        "6 CustomerID TIXLY_CUSTOMER_ID_NOT_INT",
        "7 CustomerID TIXLY_CUSTOMER_ID_DUP",
        "8 CustomerID TIXLY_CUSTOMER_ID_DUP",
    ]
    assert checked.accepted.collect()["customer_id"].to_list() == ["10233", ""]


def test_a_blank_number_is_no_new_customer_in_a_tixly_file_but_is_in_an_ecom_file():
    tixly = check("CustomerID | FirstName | Email\n | Åsa | asa@example.se\n0 | Bo | bo@example.se", "tixly")
    ecom = check("Internal ID | Firstname | Lastname | Email\n | Åsa | Ek | asa@example.se")

    assert found(tixly) == ["2 CustomerID TIXLY_CUSTOMER_ID_NOT_INT"]
    assert found(ecom) == []


def test_a_new_customer_without_name_and_address_is_nobody():
    checked = check("CustomerID | FirstName | Email | City\n0 | | | Lund\n5 | | | Lund", "tixly")

    assert found(checked) == ["2  CUST_REQUIRED"]


def test_two_new_customers_without_address_are_told_apart_by_all_else():
    checked = check(
        """
        CustomerID | FirstName | LastName | DateOfBirth
        0          | Nils      | Ek       | 1970-01-01
        0          | Nils      | Ek       | 1971-01-01
        0          | nils      | ek       | 1970-01-01
        """,
        "tixly",
    )

    assert found(checked) == ["2  CUST_EMAIL_DUP_FILE", "4  CUST_EMAIL_DUP_FILE"]


def test_columns_nobody_knows_pass_through_byte_for_byte():
    checked = check(
        "CustomerID | Noteringar | Email | VIP\n1 | ' 007' | a@example.se | \n2 | x | b@example.se | ja", "tixly"
    )

    assert [json.loads(text) for text in checked.accepted.collect()["extra"]] == [
        {"Noteringar": "' 007'", "VIP": None},
        {"Noteringar": "x", "VIP": "ja"},
    ]


def test_blank_cells_leave_alone_unless_they_are_meant_to_clear():
    text = "Firstname | Lastname | Email | City\nFlo | Ek | flo@example.se | "

    assert check(text).accepted.collect()["city"].to_list() == [None]
    assert check(text, blank_cells="clear").accepted.collect()["city"].to_list() == [""]


def test_text_that_a_spreadsheet_would_run_is_sent_back():
    checked = check("Firstname | Lastname | Email | City\n=1+1 | Ek | flo@example.se | @SUM(A1)")

    assert found(checked) == ["2 Firstname CELL_FORMULA", "2 City CELL_FORMULA"]


@pytest.mark.parametrize("heading", ["E-mail", "E-Mail", "Email", "email", "E mail", "E-post", "Courriel"])
def test_headings_are_known_in_any_case_with_or_without_hyphens_and_in_four_languages(heading: str):
    assert check(f"Firstname | Lastname | {heading}\nA | B | a@example.se").file.headings["email"] == heading


def test_a_required_heading_that_is_missing_is_named():
    with pytest.raises(FileNeedsFixing, match="'E-Mail'"):
        check("Firstname | Lastname | City\nA | B | C")
    with pytest.raises(FileNeedsFixing, match="did you mean 'CustomerID'"):
        check("CustomrID | FirstName\n1 | B", "tixly")
