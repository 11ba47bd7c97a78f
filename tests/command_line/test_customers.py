"""The register of customers by the command line: what comes in, what comes back, and the way back."""

import csv
import io
from datetime import date

import polars as pl
import pytest

from tests.workbook_files import xlsx

APPLY = ("--mode", "apply")
MESSY = (
    "Firstname,Lastname,E-mail,Phone,City,Country,Birthdate\n"
    "Zoé,Dupré,zoe@example.org,+33 1 42 68 53 00,Paris,France,1988-04-02\n"
    "Nils,Ek,nils@example.se,,Lund,Suède,31/12/1970\n"
    "Bo,Berg,bo@@example.se,,Lund,SE,\n"
    "Cy,,cy@example.se,,Lund,SE,\n"
)
NAMES = ("first_name", "last_name", "email", "phone", "city", "country", "born_on")


def test_customers_come_in_once_and_the_others_come_back(desk):
    desk.write("messy.csv", MESSY)

    first = desk.import_customers("messy.csv", *APPLY, code=4)
    assert (first["outcome"], first["changes"]["created"], first["rows"]["rejected"]) == ("applied_with_rejects", 2, 2)
    people = [
        ("Nils", "Ek", "nils@example.se", "", "Lund", "SE", "1970-12-31"),
        ("Zoé", "Dupré", "zoe@example.org", "+33142685300", "Paris", "FR", "1988-04-02"),
    ]
    assert sorted(desk.register(*NAMES)) == people
    again = desk.import_customers("messy.csv", *APPLY, code=4)
    assert (again["outcome"], again["changes"]["unchanged"]) == ("nothing_to_do", 2)
    assert sorted(desk.register(*NAMES)) == people
    desk.ask("verify-run", first["run_id"])


@pytest.mark.thorough
def test_corrected_rejects_close_the_rows_of_their_first_run(desk):
    desk.write("messy.csv", MESSY)
    first = desk.import_customers("messy.csv", *APPLY, code=4)
    corrections = {"bo@@example.se": "bo@example.se", "": "Dahl"}
    rows = list(csv.reader(io.StringIO(desk.read(desk.fetch(first["run_id"], "rejects")))))
    for row in rows[1:]:
        row[1], row[2] = (corrections.get(cell, cell) for cell in row[1:3])
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    desk.write("corrected.csv", text.getvalue())

    second = desk.import_customers("corrected.csv", *APPLY)

    assert (second["outcome"], second["follows"], second["changes"]["created"]) == ("applied", first["run_id"], 2)
    assert desk.ask("show", first["run_id"])["still_open"] == 0


def test_the_receipt_says_which_numbers_the_new_customers_got(desk):
    desk.write("messy.csv", MESSY)
    run = desk.import_customers("messy.csv", *APPLY, code=4)

    receipt = pl.read_parquet(desk.folder / desk.fetch(run["run_id"], "outcomes.parquet"))

    assert sorted(receipt.select("customer_id", "email_after").rows()) == sorted(desk.register("customer_id", "email"))


@pytest.mark.thorough
def test_a_restore_takes_out_the_new_puts_back_the_old_and_leaves_what_others_edited(desk):
    desk.write("messy.csv", MESSY)
    desk.import_customers("messy.csv", *APPLY, code=4)
    before = desk.register("customer_id", *NAMES)
    moved = MESSY.replace("Paris", "Lyon").replace("Lund,Suède", "Malmö,Suède") + "Di,Ek,di@example.se,,,,\n"
    desk.write("moved.csv", moved)
    run = desk.import_customers("moved.csv", *APPLY, code=4)
    assert (run["changes"]["updated"], run["changes"]["created"]) == (2, 1)

    restored = desk.ask("restore", run["run_id"], *APPLY)
    assert (restored["changes"]["updated"], restored["changes"]["removed"]) == (2, 1)
    assert desk.register("customer_id", *NAMES) == before

    back = desk.ask("restore", restored["run_id"], *APPLY)
    assert (back["changes"]["updated"], back["changes"]["created"]) == (2, 1)
    assert {row[4] for row in desk.register(*NAMES)} == {"Lyon", "Malmö", ""}


@pytest.mark.thorough
def test_a_file_of_either_system_is_known_by_its_headings(desk):
    desk.write("messy.csv", MESSY)
    desk.import_customers("messy.csv", *APPLY, code=4)
    number = next(number for number, email in desk.register("customer_id", "email") if email == "nils@example.se")
    rows = f"{number};Nils;Ek;nils@example.se;Ystad\n0;Eva;Ny;eva@example.se;Lund\n999;No;One;no@example.se;Lund\n"
    desk.write("tixly.csv", "CustomerID;FirstName;LastName;Email;City\n" + rows)

    run = desk.import_customers("tixly.csv", *APPLY, code=4)

    assert {kind: run["changes"][kind] for kind in ("created", "updated", "held")} == {
        "created": 1,
        "updated": 1,
        "held": 1,
    }
    assert ("Nils", "Ystad") in desk.register("first_name", "city")


@pytest.mark.thorough
def test_a_workbook_of_either_system_is_known_by_its_headings(desk):
    desk.write("ecom.xlsx", xlsx(["Firstname", "Lastname", "E-mail"], ["Nils", "Ek", "nils@example.se"]))
    desk.write("tixly.xlsx", xlsx(["CustomerID", "FirstName", "Email"], [0, "Eva", "eva@example.se"], ["x1", "No", ""]))

    assert desk.import_customers("ecom.xlsx", *APPLY)["changes"]["created"] == 1
    run = desk.import_customers("tixly.xlsx", *APPLY, code=4)

    assert (run["changes"]["created"], run["rows"]["rejected"]) == (1, 1)
    assert "rejects.xlsx" in run["artifacts"]
    assert desk.register("first_name", "email") == [("Nils", "nils@example.se"), ("Eva", "eva@example.se")]


@pytest.mark.thorough
def test_a_birth_date_that_a_workbook_keeps_as_a_date_is_what_was_typed(desk):
    """It was sent back as a cell that the spreadsheet had changed."""
    row = ["Nils", "Ek", "nils@example.se", date(1988, 4, 2)]
    desk.write("born.xlsx", xlsx(["Firstname", "Lastname", "E-mail", "Birthdate"], row))

    assert desk.import_customers("born.xlsx", *APPLY)["changes"]["created"] == 1
    assert desk.register("first_name", "born_on") == [("Nils", "1988-04-02")]


def test_a_file_that_is_of_no_system_is_sent_back_in_words(desk):
    desk.write("strange.csv", "Name,Mail\nAda,ada@example.org\n")

    said = desk.ask("run", "customers", "strange.csv", code=2)

    assert said["outcome"] == "file_needs_fixing"
    assert "heading" in said["says"]


@pytest.mark.thorough
def test_clearing_cells_is_a_concern_that_names_its_override(desk):
    desk.write("messy.csv", MESSY)
    desk.import_customers("messy.csv", *APPLY, code=4)
    desk.write("blank.csv", "Firstname,Lastname,E-mail,City\nNils,Ek,nils@example.se,\n")

    kept = desk.import_customers("blank.csv", *APPLY)
    assert kept["outcome"] == "nothing_to_do"
    cleared = desk.import_customers("blank.csv", *APPLY, "--blank-cells", "clear", code=3)
    assert [concern["override"] for concern in cleared["concerns"]] == ["blank_cells=keep"]
    desk.ask("approve", cleared["plan_id"], "--by", "Ada", "--why", "they moved")
    assert desk.import_customers("blank.csv", *APPLY, "--blank-cells", "clear")["outcome"] == "applied"
    assert ("Nils", "") in desk.register("first_name", "city")
