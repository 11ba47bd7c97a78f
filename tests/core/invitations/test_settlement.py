"""What became of each person, by what the ledger says of the campaign."""

import polars as pl
import pytest

from schemas.invitations import ENTRIES_SCHEMA
from schemas.records import InvitationCounts
from tasks.core.invitations.settlement import count_people, plan_people, settle_people
from tests.tables import frame

THIS, OTHER = "run1", "run2"
INVITEES = frame(
    """
    line | email_sha256
    -----+-------------
    1    | a
    2    | b
    3    | ""
    4    | a
    """,
    {"line": pl.UInt32, "email_sha256": pl.String},
)
NOBODY = pl.DataFrame(schema=ENTRIES_SCHEMA)


def entry(state: str, run_id: str, code: str = "") -> pl.DataFrame:
    return pl.DataFrame([("b", run_id, state, code)], schema=ENTRIES_SCHEMA, orient="row")


def planned(entries: pl.DataFrame = NOBODY, suppressed: frozenset[str] = frozenset()) -> list[str]:
    return plan_people(INVITEES, entries, suppressed, THIS)["outcome"].to_list()


def test_who_has_an_address_and_was_not_mailed_is_due_once():
    assert planned() == ["due", "due", "no_address", "already"]


@pytest.mark.parametrize(
    ("state", "run_id", "code", "outcome"),
    [
        ("sent", OTHER, "250", "already"),
        ("sent", THIS, "250", "sent"),
        ("started", OTHER, "", "unknown"),
        ("started", THIS, "", "unknown"),
        ("unknown", THIS, "", "unknown"),
        ("refused", THIS, "550 5.1.1", "refused"),
        ("refused", OTHER, "550 5.1.1", "refused"),
        ("refused", OTHER, "452 4.2.2", "due"),
        ("refused", THIS, "452 4.2.2", "due"),
    ],
)
def test_before_mails_are_sent_the_ledger_decides_who_is_due(state, run_id, code, outcome):
    assert planned(entry(state, run_id, code)) == ["due", outcome, "no_address", "already"]


def test_afterwards_who_was_put_off_is_refused():
    people = plan_people(INVITEES, NOBODY, (), THIS)
    assert settle_people(people, entry("refused", THIS, "452"), THIS)["outcome"][1] == "refused"


@pytest.mark.parametrize(
    ("entries", "outcome"),
    [
        (NOBODY, "suppressed"),
        (entry("refused", OTHER, "452 4.2.2"), "refused"),
        (entry("sent", OTHER, "250"), "already"),
    ],
)
def test_who_asked_for_no_mails_is_never_due(entries, outcome):
    assert planned(entries, frozenset({"b"})) == ["due", outcome, "no_address", "already"]


def test_everyone_is_counted_once():
    people = plan_people(INVITEES, NOBODY, ("b",), THIS)
    assert count_people(people) == InvitationCounts(due=1, suppressed=1, no_address=1, already=1)
    assert count_people(people.clear()) == InvitationCounts()
