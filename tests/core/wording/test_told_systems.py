"""What is wrong with a system, a database, an upload or the installation is said in the language of whoever reads."""

import pytest

from infra.catalogues import speech_in
from tasks.core.wording.localization import localize
from tests.conventions.problem_texts import problems
from tests.told import untold

LATER = "Nothing was lost: run the same again in a while (in Prefect: press Retry)."


def test_no_problem_that_a_person_may_read_stays_english():
    every = list(problems())

    assert len({text for _place, text in every}) > 250
    assert [(place, text) for place, text in every if untold(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "Lightspeed eCom is not ready (503): the list of customers, asked 3 times. It asks to be left alone for 60 "
        "seconds. Nothing was changed there.",
        "The web shop did not answer in time: the list of orders, asked. Nothing was changed there.",
        "The web shop broke off the connection: a change of a product, asked 2 times. The change may have been made "
        "all the same; it has to be looked up.",
        'The web shop answered (502) with a web page ("Maintenance") instead of data. That may be maintenance, a check '
        "for robots or a firewall before it. If it does not pass, whoever runs its server lets us through: the list of "
        "orders, asked 2 times. Nothing was changed there.",
        "Lightspeed answered with nothing (200): a gift card, asked. Nothing was changed there.",
        "Lightspeed refused a new gift card (401). Check its keys and what they may do. It says: 17.",
        "Lightspeed cannot be reached: a token, asked. Nothing was changed there.",
        "Sales cannot be booked in Lightspeed yet. COUNTERFOIL_LIGHTSPEED_X_USER names none of the 3 users of the "
        "shop: give the id of one. COUNTERFOIL_LIGHTSPEED_X_TAXES names '7', and the shop has the taxes '7' and 2 "
        "more. Nothing was written.",
        "17 needs fixing: 17 must stand once: under [columns.17], or among not_kept; 18 is no column of 17; take it "
        "out.",
        "The mapping of 17 does not fit the table: Its key 17 may be there twice: CREATE UNIQUE INDEX on 17 (17). New "
        "records must fill 17: say with what, under [create].",
        "17 holds, in column 18, an amount that is no number. Nothing was changed. Correct the record, or the mapping; "
        "counterfoil map-database --check counts such records.",
        f"The database 17 on 18 did not answer (connection refused). {LATER}",
        "The database 17 refused the change: a rule of the table forbids it. Nothing of this step was written.",
        "17: the rows on these lines have a number twice: 3, 4 and 7 more places. Nothing can be compared with such a "
        "list. Export all gift cards again, drop the file in the same folder as it is and run again.",
        "17, sheet '7' has a cell in column 17 and row 1,000, far from the table. Copy the table alone into a new "
        "sheet, or save it as CSV, and hand that in.",
        "Lightspeed takes no more calls before 10:30 UTC, 1,200 of 2,000 written",
    ],
)
def test_what_is_put_together_of_several_sentences_is_said_to_the_last(text):
    assert untold(text) == []


def test_an_outage_is_said_with_what_was_asked_for():
    english = f"The database till on db.example did not answer (connection refused). {LATER}"

    assert localize(english, speech_in("sv")) == (
        "Databasen till på db.example svarade inte (anslutningen nekades). Inget gick förlorat: kör samma sak igen om "
        "en stund (i Prefect: tryck på Retry)."
    )


@pytest.mark.parametrize("heading", ["Plan", "run", "nobody", "orders", "customer", "Salt or pepper", "Name in Ort"])
def test_a_heading_of_somebodys_own_stays_among_them(heading):
    told = localize(f"17 has no column {heading}. It has: 18.", speech_in("nl"))

    assert told == f"17 heeft geen kolom {heading}. Hij heeft: 18."


def test_how_invitations_ended_is_said_with_its_counts_and_languages():
    english = "1,200 to be sent, 2 already invited, 1 rejected (mails in sv: 900, fr: 300)"

    assert localize(english, speech_in("fr")) == (
        "1\u202f200 à envoyer, 2 déjà invitées, 1 rejetée (messages en sv: 900, fr: 300)"
    )
