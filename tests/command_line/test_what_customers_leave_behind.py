"""What an import of customers leaves in Prefect, the ledger and on the terminal: no name, no address, no number."""

import re
from pathlib import Path

from tests.desk import Desk, command_with_engine
from tests.prefect_tells import prefect_tells

PERSONAL = re.compile(r"Zeb|Quist|secretive|70174060|Hidden ?street|1970-01-31", re.IGNORECASE)
BEFORE = "Firstname,Lastname,E-mail,Phone,City\nZeb,Quist,zeb@secretive.example.com,+46701740605,Lund\n"
FILE = (
    "CustomerID;FirstName;LastName;Email;Phone;AddressOne;DateOfBirth;City\n"
    "1;Zeb;Quist;zeb@secretive.example.com;+46701740605;Hiddenstreet 1;1970-01-31;Ystad\n"
    "0;Zebra;Quist;zebra@secretive.example.com;;Hiddenstreet 1;1970-01-31;Lund\n"
    "99;Zebulon;Quist;zebulon@secretive.example.com;;;;Lund\n"
    "0;Zebedee;Quist;zebedee at secretive.example.com;070174060x;;31/01/70;Lund\n"
    "0;Zebadiah;Quist;ZEBRA@secretive.example.com;;;;Lund\n"
)


def test_nothing_of_a_person_leaves_the_stored_files_and_the_target(desk: Desk) -> None:
    desk.write("before.csv", BEFORE)
    desk.import_customers("before.csv", "--mode", "apply")
    desk.write("people.csv", FILE)

    typed = desk.type("run", "customers", "people.csv", "--mode", "apply", be=command_with_engine)

    assert typed.code == 4 and "1 changed, 1 held, 3 rejected" in typed.out, typed
    run_id = re.findall(r"Run: +(\w+)", typed.out)[0]
    seen_by_prefect = prefect_tells(desk, run_id)
    assert (
        "Applied with rejects" in seen_by_prefect and "Which columns" in seen_by_prefect
    )  # the search finds something
    ledger = Path(desk.environment["COUNTERFOIL_LEDGER_URL"].removeprefix("sqlite:///"))
    left = {"terminal": typed.out + typed.err, "Prefect": seen_by_prefect}
    left |= {file.name: file.read_bytes().decode("latin-1") for file in ledger.parent.glob("ledger.sqlite*")}
    assert {place: set(PERSONAL.findall(text)) for place, text in left.items() if PERSONAL.search(text)} == {}
    assert PERSONAL.search(desk.read(desk.fetch(run_id, "rejects")))
