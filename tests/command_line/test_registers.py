"""Customers of systems that take files: the export they came from, the upload, and the next export."""

import time

import pytest
from python_calamine import CalamineWorkbook

from tests.desk import Desk
from tests.fakes.tixly import customer, open_tixly

EXPORT = (
    "CustomerID;FirstName;LastName;Email;Phone;City;Level\r\n"
    "1;Åsa;Öberg;asa@example.se;070-123 45 67;Malmö;gold\r\n"
    "2;Nils;Ek;nils@example.se;;Lund;\r\n"
)
FILE = (
    "CustomerID;FirstName;LastName;Email;Phone;City\n"
    "1;Åsa;Öberg;asa@example.se;0701234567;Lund\n"
    "2;Nils;Ek;nils@example.se;;Lund\n"
    "0;Zoë;Ny;zoe@example.se;0701234569;Umeå\n"
)
UPLOADED = EXPORT.replace("Malmö", "Lund") + "3;Zoë;Ny;zoe@example.se;070-123 45 69;Umeå;\r\n"
APPLY = ("--mode", "apply", "--dialect", "tixly", "--target", "tixly")


def drop(desk: Desk, text: str, name: str = "z-export.csv") -> None:
    desk.storage.put(f"inbox/registers/tixly/{name}", text.encode("windows-1252"))


@pytest.fixture
def uploaded(desk):
    """A desk, and the run that wrote an upload for Tixly. An earlier test's export may be of the same second."""
    for info in list(desk.storage.list("inbox/registers/tixly/")):
        desk.storage.client.delete_object(Bucket=desk.storage.bucket, Key=info.key)
    drop(desk, EXPORT)
    time.sleep(1.1)  # the store tells whole seconds: an export of the run's own second may be newer
    desk.write("customers.csv", FILE)
    run = desk.ask("run", "customers", "customers.csv", *APPLY, code=4, country="SE")
    assert (run["changes"]["unknown"], run["changes"]["unchanged"]) == (2, 1), run
    return desk, run


def test_the_upload_is_the_export_cut_to_what_changes(uploaded):
    desk, run = uploaded
    assert (desk.folder / desk.fetch(run["run_id"], "upload")).read_bytes().decode("windows-1252") == (
        "CustomerID;FirstName;LastName;Email;Phone;City;Level\r\n"
        "1;Åsa;Öberg;asa@example.se;070-123 45 67;Lund;gold\r\n"
        "0;Zoë;Ny;zoe@example.se;+46701234569;Umeå;\r\n"
    )


@pytest.mark.thorough
def test_the_next_export_confirms_the_upload_and_tells_the_numbers_of_new_customers(uploaded):
    desk, run = uploaded
    desk.write("next.csv", UPLOADED.encode("windows-1252"))
    answer = desk.ask("confirm", run["run_id"], "next.csv", country="SE")
    assert (answer["run_id"], answer["outcome"]) == (run["run_id"], "applied")
    changes = answer["changes"]
    assert (changes["created"], changes["updated"], changes["unknown"]) == (1, 1, 0)
    assert "mismatches.csv" not in answer["artifacts"]
    desk.ask("verify-run", run["run_id"])
    again = desk.ask("run", "customers", "customers.csv", *APPLY, country="SE")
    assert (again["outcome"], again["changes"]["held"]) == ("nothing_to_do", 0), again


@pytest.mark.thorough
def test_without_a_file_the_newest_export_counts_if_it_is_newer_than_the_run(uploaded):
    desk, run = uploaded
    early = desk.ask("confirm", run["run_id"], code=2)
    assert "No export in inbox/registers/tixly/ is newer than run" in early["says"]
    desk.write("old.csv", EXPORT.encode("windows-1252"))
    same = desk.ask("confirm", run["run_id"], "old.csv", code=2)
    assert "is the export from which the upload" in same["says"]

    drop(desk, UPLOADED.replace("Umeå", "Boden"), "z-later.csv")
    answer = desk.ask("confirm", run["run_id"], code=4, country="SE")

    assert (answer["changes"]["updated"], answer["changes"]["conflict"]) == (1, 1)
    assert desk.read(desk.fetch(run["run_id"], "mismatches")).splitlines()[1:] == ['3,city,"",Umeå,Boden,4']


@pytest.mark.thorough
def test_without_an_export_the_run_says_where_to_drop_one(desk):
    desk.write("customers.csv", FILE)
    answer = desk.ask("run", "customers", "customers.csv", "--target", "lightspeed_ecom_csv", code=2)
    assert "There is no export of the register in inbox/registers/lightspeed_ecom/." in answer["says"]


@pytest.mark.thorough
def test_an_export_imported_as_it_is_changes_nothing_and_its_edits_are_the_only_changes(desk):
    desk.write("customers.csv", FILE.replace("\n1;", "\n0;").replace("\n2;", "\n0;"))
    desk.ask("run", "customers", "customers.csv", "--mode", "apply", "--dialect", "tixly", country="SE")

    answer = desk.ask("export", "customers", "--dialect", "tixly", country="SE")

    assert (answer["outcome"], answer["says"], answer["path"]) == ("exported", "3 exported", "export.csv")
    again = desk.ask("run", "customers", "export.csv", "--mode", "apply", "--dialect", "tixly", country="SE")
    assert (again["outcome"], again["changes"]["unchanged"]) == ("nothing_to_do", 3)
    desk.write("export.csv", desk.read("export.csv").replace("Umeå", "Boden"))
    edited = desk.ask("run", "customers", "export.csv", "--mode", "apply", "--dialect", "tixly", country="SE")
    assert (edited["changes"]["updated"], edited["changes"]["unchanged"]) == (1, 2)


@pytest.mark.thorough
def test_what_was_written_is_drawn_onto_a_sheet_to_tick(desk):
    desk.write("customers.csv", FILE.replace("\n1;", "\n0;").replace("\n2;", "\n0;"))
    answer = desk.ask("run", "customers", "customers.csv", "--mode", "apply", "--dialect", "tixly", country="SE")
    sheet = CalamineWorkbook.from_path(desk.folder / desk.fetch(answer["run_id"], "spot-check")).get_sheet_by_index(0)
    rows = sheet.to_python()
    assert rows[0][0].startswith("All 3 customers that were written are on this sheet")
    assert ["Phone", "0701234567", "+46701234567"] in [row[2:5] for row in rows]


@pytest.mark.thorough
def test_headings_are_learnt_once_and_named_by_imports(desk):
    desk.write("odd.csv", "Nr;Namn;Mejl;Ort\n0;Åsa;asa@example.se;Lund\n")
    lost = desk.ask("headings", "odd.csv", "--dialect", "tixly", "--save", "ours", code=2)
    assert "--column 'HEADING=COLUMN'; columns: customer_id," in lost["says"]
    columns = ("--column", "Nr=customer_id", "--column", "Namn=first_name")

    answer = desk.type("headings", "odd.csv", "--dialect", "tixly", "--save", "ours", *columns)

    assert answer.out.splitlines() == [
        *("Ort: city", "Nr: customer_id", "Namn: first_name", "Mejl: passes through"),
        "Saved as ours: 3 headings known, 1 pass through, 0 not read.",
    ]
    run = desk.ask("run", "customers", "odd.csv", "--mode", "apply", "--dialect", "tixly", "--headings", "ours")
    assert run["changes"]["created"] == 1
    out = desk.ask("export", "customers", "--dialect", "tixly", "--headings", "ours")
    assert desk.read(out["path"]).startswith("Nr;Namn;LastNamePrefix;")


@pytest.fixture
def confirmed(uploaded):
    """A desk, and a run whose upload was taken: Tixly wrote the telephone number its own way, and added a level."""
    desk, run = uploaded
    desk.write("next.csv", UPLOADED.replace("69;Umeå;", "69;Umeå;new").encode("windows-1252"))
    desk.ask("confirm", run["run_id"], "next.csv", country="SE")
    return desk, run


@pytest.mark.thorough
def test_an_upload_is_undone_by_another_upload_that_is_confirmed_as_any_is(confirmed):
    desk, run = confirmed

    undone = desk.ask("restore", run["run_id"], "--mode", "apply", code=4, country="SE")

    changes = undone["changes"]
    assert (changes["unknown"], changes["held"], changes["conflict"]) == (1, 1, 0), undone
    assert (desk.folder / desk.fetch(undone["run_id"], "upload")).read_bytes().decode("windows-1252") == (
        "CustomerID;FirstName;LastName;Email;Phone;City;Level\r\n"
        "1;Åsa;Öberg;asa@example.se;070-123 45 67;Malmö;gold\r\n"
    )
    assert desk.read(desk.fetch(undone["run_id"], "by-hand")).splitlines()[1:] == [
        '3,Zoë,Ny,zoe@example.se,remove,"","",""'
    ]

    desk.write("after.csv", EXPORT.encode("windows-1252"))
    answer = desk.ask("confirm", undone["run_id"], "after.csv", code=4, country="SE")
    assert (answer["outcome"], answer["changes"]["updated"]) == ("applied_with_rejects", 1), answer
    again = desk.ask("restore", run["run_id"], country="SE")
    assert (again["changes"]["unchanged"], again["changes"]["held"]) == (2, 0)
    desk.ask("verify-run", undone["run_id"])


@pytest.mark.thorough
def test_an_undo_can_be_undone(confirmed):
    desk, run = confirmed
    undone = desk.ask("restore", run["run_id"], "--mode", "apply", code=4, country="SE")
    desk.write("after.csv", UPLOADED.replace("Lund", "Malmö", 1).encode("windows-1252"))
    desk.ask("confirm", undone["run_id"], "after.csv", code=4, country="SE")

    again = desk.ask("restore", undone["run_id"], "--mode", "apply", code=4, country="SE")

    assert again["changes"]["unknown"] == 1
    assert (desk.folder / desk.fetch(again["run_id"], "upload")).read_bytes().decode("windows-1252").splitlines()[
        1:
    ] == ["1;Åsa;Öberg;asa@example.se;070-123 45 67;Lund;gold"]


@pytest.mark.thorough
def test_who_was_edited_since_is_left_alone_and_listed(confirmed):
    desk, run = confirmed
    time.sleep(1.1)
    drop(desk, UPLOADED.replace("Malmö", "Lund").replace(";Lund;gold", ";Ystad;gold"), "zz-later.csv")

    undone = desk.ask("restore", run["run_id"], "--mode", "apply", code=4, country="SE")

    assert (undone["changes"]["unknown"], undone["changes"]["conflict"]) == (0, 2), undone
    listed = desk.read(desk.fetch(undone["run_id"], "conflicts")).splitlines()
    assert "1,city,Malmö,Lund,Ystad" in listed
    assert "upload.csv" not in undone["artifacts"]


@pytest.mark.thorough
def test_nothing_is_undone_before_it_is_known_what_became_of_the_upload(uploaded):
    desk, run = uploaded
    refused = desk.ask("restore", run["run_id"], code=2, country="SE")
    assert "Nobody has said yet what became of the upload" in refused["says"]


@pytest.mark.thorough
def test_a_preview_has_nothing_to_undo(desk):
    drop(desk, EXPORT)
    desk.write("customers.csv", FILE)
    run = desk.ask("run", "customers", "customers.csv", "--dialect", "tixly", "--target", "tixly", country="SE")
    refused = desk.ask("restore", run["run_id"], code=4, country="SE")
    assert "changed nothing, so there is nothing to put back" in refused["says"]


ECOM = "Internal ID,Firstname,Lastname,E-mail,City,Groups\n7,Åsa,Öberg,asa@example.se,Malmö,A\n"


@pytest.mark.thorough
def test_an_upload_for_ecom_is_undone_in_the_same_way(desk):
    folder = "inbox/registers/lightspeed_ecom/"
    for info in list(desk.storage.list(folder)):
        desk.storage.client.delete_object(Bucket=desk.storage.bucket, Key=info.key)
    desk.storage.put(f"{folder}export.csv", ECOM.encode())
    time.sleep(1.1)
    desk.write("customers.csv", "Internal ID,Firstname,Lastname,E-mail,City\n7,Åsa,Öberg,asa@example.se,Lund\n")
    target = ("--mode", "apply", "--target", "lightspeed_ecom_csv")
    run = desk.ask("run", "customers", "customers.csv", *target, code=4, country="SE")
    desk.write("next.csv", ECOM.replace("Malmö", "Lund"))
    desk.ask("confirm", run["run_id"], "next.csv", country="SE")

    undone = desk.ask("restore", run["run_id"], "--mode", "apply", code=4, country="SE")

    assert desk.read(desk.fetch(undone["run_id"], "upload")) == ECOM
    desk.write("last.csv", ECOM)
    assert desk.ask("confirm", undone["run_id"], "last.csv", country="SE")["outcome"] == "applied"


@pytest.fixture
def tixly():
    with open_tixly() as fake:
        yield fake


@pytest.mark.thorough
def test_without_another_export_tixlys_interface_confirms_what_it_shows(uploaded, tixly):
    desk, run = uploaded
    asa = {"FirstName": "Åsa", "LastName": "Öberg", "Email": "asa@example.se", "City": "Lund"}
    zoe = {"FirstName": "Zoë", "LastName": "Ny", "Email": "zoe@example.se", "City": "Umeå"}
    tixly.customers = [customer(1, **asa), customer(3, **zoe)]

    answer = desk.ask("confirm", run["run_id"], country="SE", **tixly.settings)

    changes = answer["changes"]
    assert (answer["outcome"], changes["created"], changes["updated"], changes["unknown"]) == ("applied", 1, 1, 0)
    assert answer["next_steps"][0].startswith(
        "1 cell was not verified, because the interface does not show this (Phone"
    )
    assert desk.read(desk.fetch(run["run_id"], "not-shown")).splitlines()[1:] == ["""3,phone,"",'+46701234569,4"""]
    sheet = CalamineWorkbook.from_path(desk.folder / desk.fetch(run["run_id"], "spot-check")).get_sheet_by_index(0)
    late = desk.ask("restore", run["run_id"], code=2, country="SE")
    assert "No export in inbox/registers/tixly/ is newer than run" in late["says"]
    assert ["3", "Phone", "0701234569", "(not shown)"] in [[row[0], *row[2:5]] for row in sheet.to_python()]
    again = desk.ask("confirm", run["run_id"], code=4, **tixly.settings)
    assert "waits for no answer" in again["says"]


@pytest.mark.thorough
def test_who_has_not_changed_there_stays_unknown_until_an_export_tells(uploaded, tixly):
    desk, run = uploaded
    tixly.customers = [customer(1, "2020-01-01T00:00:00", City="Malmö", Email="asa@example.se")]

    answer = desk.ask("confirm", run["run_id"], code=4, country="SE", **tixly.settings)

    assert (answer["outcome"], answer["changes"]["unknown"]) == ("partly_applied", 2)
    desk.write("next.csv", UPLOADED.encode("windows-1252"))
    answer = desk.ask("confirm", run["run_id"], "next.csv", country="SE")
    assert (answer["outcome"], answer["changes"]["unknown"]) == ("applied", 0)


@pytest.mark.thorough
def test_a_newer_export_tells_more_than_the_interface_and_is_preferred(uploaded, tixly):
    desk, run = uploaded
    drop(desk, UPLOADED, "z-later.csv")
    answer = desk.ask("confirm", run["run_id"], country="SE", **tixly.settings)
    assert (answer["outcome"], tixly.asked) == ("applied", [])


@pytest.mark.thorough
def test_an_interface_that_does_not_answer_leaves_everything_as_it_was(uploaded, tixly):
    desk, run = uploaded
    wrong = desk.ask("confirm", run["run_id"], code=4, country="SE", **tixly.settings | {"tixly_api_token": "other"})
    assert "Tixly refused the list of customers (401). Check its keys" in wrong["says"]
    assert desk.ask("show", run["run_id"])["changes"]["unknown"] == 2


@pytest.mark.thorough
def test_a_token_that_is_not_set_is_named_and_not_taken_for_a_fault_of_the_line(uploaded, tixly):
    desk, run = uploaded
    answer = desk.ask("confirm", run["run_id"], code=4, country="SE", **tixly.settings | {"tixly_api_token": ""})
    assert answer["says"].startswith("Tixly cannot be asked: its key or token is empty")
