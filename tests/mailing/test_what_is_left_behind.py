"""What invitations leave in Prefect, the ledger, the logs and on the terminal: no name, no address, in no form."""

import re
from pathlib import Path

from tests.desk import Desk, command_with_engine
from tests.mailing.post_office import PostOffice
from tests.prefect_tells import prefect_tells

NAMES = re.compile(r"Zeb|zoe\d|Quist|secretive", re.IGNORECASE)
PEOPLE = (
    "Firstname,Lastname,E-mail,Language\n"
    "Zeb,Quist,zoe1@secretive.example.com,sv\n"
    "Zebra,Quist,gone@secretive.example.com,fr\n"
    "Zebulon,Quist,silent@secretive.example.com,en\n"
    "Zebedee,Quist,zoe4 at secretive.example.com,en\n"
)


def test_no_name_and_no_address_leaves_the_stored_files(mailing_shop: Desk, office: PostOffice) -> None:
    mailing_shop.write("people.csv", PEOPLE)
    typed = mailing_shop.type("invite", "people.csv", "--mode", "apply", be=command_with_engine)
    assert typed.code == 4 and "1 sent, 1 refused, 1 unknown, 1 rejected" in typed.out, typed
    run_id = re.findall(r"Run: +(\w+)", typed.out)[0]
    seen_by_prefect = prefect_tells(mailing_shop, run_id)
    assert "Partly applied" in seen_by_prefect and f"report-{run_id}" in seen_by_prefect  # the search finds something
    ledger = Path(mailing_shop.environment["COUNTERFOIL_LEDGER_URL"].removeprefix("sqlite:///"))
    files = [ledger, *ledger.parent.glob("ledger.sqlite-*")]
    left = {"terminal": typed.out + typed.err, "Prefect": seen_by_prefect}
    left |= {file.name: file.read_bytes().decode("latin-1") for file in files}
    assert {place: NAMES.findall(text) for place, text in left.items() if NAMES.search(text)} == {}
    assert NAMES.search(mailing_shop.read(mailing_shop.fetch(run_id, "invitations")))
