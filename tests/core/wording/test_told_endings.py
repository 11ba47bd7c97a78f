"""How runs ended, in one line, and what to do next: said in any language."""

from dataclasses import fields

import pytest

from infra.catalogues import speech_in
from schemas.records import Answer, ChangeCounts, RowCounts
from tasks.core.loyalty.sweep_outcome import conclude_sweep
from tasks.core.loyalty.worklist import MOST_ROWS
from tasks.core.reporting.run_outcome import Ending
from tasks.core.wording.localization import localize
from tests.told import untold

EVERY_KIND = ChangeCounts(**{each.name: number for number, each in enumerate(fields(ChangeCounts), 1)})


def sweep(*, at_risk: str = "1,200.00 SEK", reported: bool = True, verdict: str = "go") -> Ending:
    return conclude_sweep(
        rows=RowCounts(rows_in=5, accepted=3, rejected=2) if reported else RowCounts(rows_in=0, accepted=0, rejected=0),
        counts=EVERY_KIND,
        answer=Answer(verdict=verdict),  # type: ignore[arg-type]
        discrepancies=0,
        failures=MOST_ROWS + 1,
        new=3,
        at_risk=at_risk,
        reported=reported,
        earlier=EVERY_KIND,
    )


@pytest.mark.parametrize("at_risk", ["1,200.00 SEK", "1,200.00 SEK, and nobody knows of 1,203", "nobody knows"])
@pytest.mark.parametrize("verdict", ["go", "preview"])
@pytest.mark.parametrize("reported", [True, False])
def test_no_word_of_how_a_sweep_ended_stays_english(at_risk, verdict, reported):
    ending = sweep(at_risk=at_risk, reported=reported, verdict=verdict)

    assert [untold(text) for text in (ending.says, *ending.next_steps)] == [[] for _ in (1, *ending.next_steps)]


def test_the_one_line_of_a_sweep_has_the_numbers_of_the_language():
    english = "1,200 open failures, 3 new, 2 rejected; at risk: 1,500.00 SEK, and nobody knows of 4"

    assert localize(english, speech_in("nl")) == (
        "1.200 openstaande fouten, 3 nieuw, 2 afgewezen; op het spel: 1.500,00 SEK, en van 4 weet niemand het"
    )


@pytest.mark.parametrize(
    "line",
    [
        *("3 decisions entered, 1 doubted, 2 rejected", "1 decision to enter, 0 doubted, 0 rejected"),
        *("1 order agrees; 3 missing, 2 different, 1 gone", "1,200 orders agree; 0 missing, 0 different, 0 gone"),
        *("Loyalty failures, 2026-11-29", "12 exported"),
        *("Orders, shop and till compared", "Invitations, campaign spring", "Customers, export"),
        "Import the missing orders by their ids: 17, 18.",
    ],
)
def test_other_lines_of_counts_are_said_too(line):
    assert untold(line) == []


def test_what_nobody_listed_is_found():
    assert untold("3 new; the till burnt down") == ["the", "till", "burnt", "down"]


@pytest.mark.parametrize(
    "note",
    [
        *("1,200 orders fetched, 3 of them with refunds", "1 order fetched, 0 of them with refunds"),
        "3 of them were missed by the list, which moved, and fetched by id",
        "3 of them did not change, and are looked at again as they are held",
        *("3 orders were named; whether they arrived was not asked", "12 of them are in the till"),
        *("JSON, as a web shop writes it", "corrections of orders that run 20261120T1 holds"),
        "12 orders were paid in part with gift cards or credit, 1234.50 in all",
        *("2 products of the till are not in the web shop", "No report was dropped for this day."),
        "failures.csv, redemptions of 2026-11-20: 1,200 read, 3 rejected",
        *("read from table 2 of the page", "1 customer is known by the link of their name"),
        *("2 failures are to be looked up: several customers have that name", "Products: 3 created, 1 held."),
    ],
)
def test_how_orders_and_reports_were_read_is_said(note):
    assert untold(note) == []
