"""The worklist as a file: written for people, and read back with what they decided."""

import itertools
import re
from io import BytesIO

import openpyxl
import polars as pl
import pytest

from infra.catalogues import LANGUAGES, speech_in
from schemas.loyalty.decision_words import DECISION_WORDS
from schemas.loyalty.reports import WORKLIST
from schemas.records import RowCounts
from schemas.tables import Language
from tasks.core.loyalty.advice import ADVICE
from tasks.core.loyalty.diagnosis import decide
from tasks.core.loyalty.worklist import (
    MOST_ROWS,
    WORDS,
    ReadWorklist,
    advice_in,
    lay_out,
    most_pressing,
    read_worklist,
    to_do,
    write_csv,
    write_xlsx,
)
from tasks.core.reading.table import read_table
from tasks.core.rejects.file import write_rejects
from tasks.core.wording.messages import wording
from tasks.core.wording.speech import ENGLISH, Speech
from tests.loyalty import SIZES, drawn
from tests.loyalty_cases import DAY, EVIDENCE, STATES, evidence, state
from tests.timelines import key

WAITING = {"reason": "not_redeemed", "reward": "waiting", "free ok": "yes", "item": "I1"}
NO_PROGRAMME = {"reason": "no_items_found", "programme": "none", "maker": "none"}
KNOWN = pl.Series([key(letter) for letter in "ABC"])


def laid_out(speech: Speech = ENGLISH) -> pl.DataFrame:
    rows = [(NO_PROGRAMME, "A"), (WAITING, "B")]
    states = pl.DataFrame([state(case, failure_key=key(letter)) for case, letter in rows], schema=STATES)
    known = [evidence(case, failure_key=key(letter), value_cents=5499) for case, letter in rows]
    diagnoses = decide(states, pl.DataFrame(known, schema=EVIDENCE), DAY)
    links = {"customer_link": ["https://astro.example/checkout?id=7"]}
    names = pl.DataFrame({"failure_key": [key("B")], "customer_name": ["=John Demo"], **links})
    return lay_out(most_pressing([to_do(states, diagnoses, names)], MOST_ROWS), currency="EUR", speech=speech)


def read(content: bytes, name: str = "worklist.csv") -> ReadWorklist:
    table = read_table(content, name=name, dialect=WORKLIST, code_page="windows-1252", sizes=SIZES)
    return read_worklist(table, KNOWN)


def test_redemptions_stand_first_and_every_line_says_what_to_do():
    first, second = laid_out().iter_rows(named=True)
    assert (first["what"], first["customer"], first["reward or item"]) == ("reward waiting", "=John Demo", "1990367")
    assert (first["at risk (EUR)"], first["until"], first["who"]) == ("54.99", "2026-12-20", "cashier")
    assert (second["what"], second["customer"], second["reward or item"]) == ("in no programme", "", "012345678905")
    assert first["steps"].endswith("Hide beside this failure.")
    assert (first["page in Astro"], second["page in Astro"]) == ("https://astro.example/checkout?id=7", "")


@pytest.mark.parametrize(("write", "name"), [(write_csv, "worklist.csv"), (write_xlsx, "worklist.xlsx")])
def test_what_is_filled_in_comes_back_from_either_file(write, name: str):
    filled = laid_out().with_columns(decision=pl.Series(["Done", ""]), note=pl.Series(["redeemed, Ann", "later"]))
    came = read(write(filled), name)

    assert came.findings.height == 0
    assert came.decided.select("failure_key", "decision", "note").rows() == [(key("B"), "done", "redeemed, Ann")]
    assert (came.rows, came.undecided) == (RowCounts(rows_in=2, accepted=2, rejected=0), 1)


def test_the_workbook_offers_the_decisions_and_shows_whole_steps_below_fixed_headings():
    sheet = openpyxl.load_workbook(BytesIO(write_xlsx(laid_out()))).active
    (offered,) = sheet.data_validations.dataValidation

    assert (str(offered.sqref), offered.formula1) == (
        "A2:A3",
        '"hide,done,added by hand,enrolled,exception added,wrong"',
    )
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:O3")
    steps = next(cell for cell in sheet[1] if cell.value == "steps")
    assert sheet.column_dimensions[steps.column_letter].width > 80
    assert sheet.cell(2, steps.column).alignment.wrap_text


def test_what_costs_nothing_comes_last_and_what_nobody_knows_before_it():
    cases = [(NO_PROGRAMME, "A", 100), ({"reason": "transaction_exists"}, "B", None), (WAITING, "C", None)]
    states = pl.DataFrame([state(case, failure_key=key(letter)) for case, letter, _ in cases], schema=STATES)
    known = [evidence(case, failure_key=key(letter), value_cents=cents) for case, letter, cents in cases]
    names = pl.DataFrame(schema=dict.fromkeys(("failure_key", "customer_name", "customer_link"), pl.String))
    rows = to_do(states, decide(states, pl.DataFrame(known, schema=EVIDENCE), DAY), names)

    assert most_pressing([rows], MOST_ROWS)["failure_key"].to_list() == [key("C"), key("B"), key("A")]


def test_nothing_in_the_file_runs_in_a_spreadsheet():
    assert "'=John Demo" in write_csv(laid_out()).decode("utf-8-sig")


def test_what_cannot_be_read_is_sent_back_with_its_line():
    a, b, c = (key(letter) for letter in "ABC")
    came = read(
        drawn(f"""
        decision      | note     | failure_key
        added_by hand |          | {a}
        perhaps       |          | {b}
        hide          |          | {key("Z")}
        hide          | =cmd()   | {b}
        done          |          | {c}
        Hide          |          | {c}
        ADDED BY HAND | the same | {a.upper()}
    """)
    )
    assert [
        f"{line} {heading} {code} {detail}".strip() for line, heading, _, code, detail in came.findings.iter_rows()
    ] == [
        "3 decision LOYALTY_DECISION",
        "4 failure_key LOYALTY_KEY_UNKNOWN",
        "5 note CELL_FORMULA",
        "6 decision LOYALTY_DECISION_TWICE also on line 7",
        "7 decision LOYALTY_DECISION_TWICE also on line 6",
    ]
    assert came.decided.select("line", "decision").rows() == [(2, "added_by_hand")]
    assert came.rows == RowCounts(rows_in=7, accepted=2, rejected=5)


def test_rejects_come_back_with_the_columns_that_are_for_people():
    content = write_csv(laid_out().with_columns(decision=pl.lit("perhaps")))
    table = read_table(content, name="worklist.csv", dialect=WORKLIST, code_page="windows-1252", sizes=SIZES)
    text = write_rejects(table, read_worklist(table, KNOWN).findings, run_id="run1", dialect=WORKLIST).decode(
        "utf-8-sig"
    )
    assert text.startswith("decision,note,customer,")
    assert "write hide, done, added by hand, enrolled, exception added or wrong" in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("write", "name"), [(write_csv, "worklist.csv"), (write_xlsx, "worklist.xlsx")])
def test_a_worklist_of_any_language_comes_back_with_what_was_decided_in_it(language: Language, write, name: str):
    speech = speech_in(language)
    filled = laid_out(speech).with_columns(decision=pl.Series([DECISION_WORDS[language]["exception_added"], ""]))

    came = read(write(filled, speech), name)

    assert came.findings.height == 0
    assert came.decided.select("failure_key", "decision").rows() == [(key("B"), "exception_added")]


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_what_cannot_be_taken_of_a_worklist_is_said_in_the_language_of_its_headings(language: Language):
    speech = speech_in(language)
    table_of = laid_out(speech).with_columns(decision=pl.Series(["perhaps", ""]))
    table = read_table(
        write_csv(table_of, speech), name="worklist.csv", dialect=WORKLIST, code_page="windows-1252", sizes=SIZES
    )

    assert table.form.language == language
    says, remedy = wording("LOYALTY_DECISION", language)
    assert says != wording("LOYALTY_DECISION", "en")[0]
    assert [word for word in DECISION_WORDS[language].values() if word not in remedy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_desk_and_the_file_name_decisions_alike(language: Language):
    words = {decision: speech_in(language).gettext(word) for decision, word in WORDS.items()}

    assert words == DECISION_WORDS[language]


def test_steps_are_told_in_the_language_and_keep_the_words_that_stand_in_astro():
    first, _ = laid_out(speech_in("sv")).iter_rows(named=True)

    assert first["what"] == speech_in("sv").gettext("reward waiting")
    assert "Klicka på Use Selected Items" in first["steps"] and "Tillbaka i RestAPI-rapporten" in first["steps"]
    assert "1990367" in first["how we know"] and "waits" not in first["how we know"]


@pytest.mark.parametrize("advice", ADVICE)
def test_all_advice_is_told_in_every_language_with_all_that_it_names(advice: str):
    texts = [ADVICE[advice].proof, *ADVICE[advice].steps]
    for text, language in itertools.product(texts, ("sv", "fr", "nl")):
        names = re.findall(r"\{(\w+)\}", text)
        filled = text.format(**{name: f"Qz{at}" for at, name in enumerate(names)})
        said = advice_in(filled, speech_in(language))

        assert said != filled, text
        assert [f"Qz{at}" for at in range(len(set(names))) if f"Qz{at}" not in said and f"Qz{at}" in filled] == []
