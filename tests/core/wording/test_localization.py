"""Sentences that were composed in English are said in any language, and somebody's own words in them stay."""

import ast
import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.catalogues import LANGUAGES, speech_in
from schemas.sentences import SENTENCES
from tasks.core.wording.localization import localize
from tests.conventions.texts import ROOT

OTHERS = [language for language in LANGUAGES if language != "en"]
PLACE = re.compile(r"%\((\w+)\)s")
FORMS = [form for each in SENTENCES for form in dict.fromkeys((each,) if isinstance(each, str) else each)]
WORDS = st.from_regex(r"[A-Z][a-z]{3,9}[0-9]", fullmatch=True)


@pytest.mark.parametrize(
    ("english", "swedish"),
    [
        (
            "2,500 records would change, more than the usual 1,000",
            "2\xa0500 poster skulle ändras, fler än de vanliga 1\xa0000",
        ),
        ("1 record would change, more than the usual 0", "1 post skulle ändras, fler än de vanliga 0"),
        (
            "12,000 EUR would be added in all, more than the usual 5,000",
            "12\xa0000 EUR skulle läggas till totalt, mer än de vanliga 5\xa0000",
        ),
        (
            "120 of 1,000 existing records would change (12 %), more than the usual 10%",
            "120 av 1\xa0000 befintliga poster skulle ändras (12 %), mer än de vanliga 10%",
        ),
        (
            "writing takes 7,200 calls, up to 1 day 2 h, more than the usual 30 min",
            "att skriva tar 7\xa0200 anrop, upp till 1 dag 2 h, mer än de vanliga 30 min",
        ),
        (
            "letters seem to be lost, or written twice over, in Name (line 3); Ort (lines 4, 7-9)",
            "bokstäver verkar ha gått förlorade, eller skrivits om två gånger, i Name (rad 3); Ort (raderna 4, 7-9)",
        ),
        (
            "the total on row 12 (line 14) is 1,234.50, the rows add up to 1,200.00",
            "summan på rad 12 (textrad 14) är 1\xa0234,50, raderna blir tillsammans 1\xa0200,00",
        ),
        ("Cut off while it wrote; 1,500 new, 2 changed", "Avbruten medan den skrev; 1\xa0500 nya, 2 ändrade"),
        ("3 changes were not reached", "3 ändringar nåddes inte"),
    ],
)
def test_a_sentence_is_said_anew_with_the_numbers_of_the_language(english: str, swedish: str):
    assert localize(english, speech_in("sv")) == swedish


def test_a_plan_that_needs_approval_says_its_concerns_and_ways_in_the_language():
    english = (
        "Plan 7c1e90ab needs approval: 2,500 records would change, more than the usual 1,000; 3 filled cells would be "
        "emptied. Nothing was changed. To go ahead, look at the report. Then, in Prefect: start the run again (Copy to "
        "new run) with approved=7c1e90ab, approved_by=NAME and approval_reason=TEXT. Or at a terminal: counterfoil "
        "approve 7c1e90ab --by NAME --why TEXT, and run the same again (in Prefect: press Retry); or run it with "
        "max_changed_rows=2500."
    )

    told = localize(english, speech_in("fr"))

    assert "2\u202f500 fiches changeraient" in told and "3 cellules remplies seraient vidées" in told
    assert "counterfoil approve 7c1e90ab --by NAME --why TEXT" in told and "max_changed_rows=2500" in told
    assert not re.search(r"\b(would|approval|look|press the)\b", told)


@pytest.mark.parametrize("heading", ["Held", "Balance", "Rejects", "nothing", "Changed, new", "Salt and pepper", "Yes"])
def test_the_heading_of_a_column_is_nobodys_word_to_translate(heading: str):
    told = localize(f"{heading} is blank on 12 rows (lines 2-13): read as none", speech_in("nl"))

    assert told == f"{heading} is leeg op 12 rijen (regels 2-13): gelezen als geen"


def test_what_is_no_sentence_of_ours_and_all_that_is_english_stays():
    assert localize("The till burnt down.", speech_in("sv")) == "The till burnt down."
    assert localize("3 changes were not reached", speech_in("en")) == "3 changes were not reached"


@pytest.mark.parametrize("language", OTHERS)
@given(data=st.data())
def test_every_sentence_is_told_with_all_that_it_names(language, data):
    form = data.draw(st.sampled_from(FORMS), label="sentence")
    names = PLACE.findall(form)
    shapes = {**dict.fromkeys(("num", "more"), st.just("7")), **dict.fromkeys(("quoted", "meant"), WORDS.map(repr))}
    places = {name: data.draw(shapes.get(name, WORDS), label=name) for name in names}

    told = localize(form % places, speech_in(language))

    assert told != form % places or not PLACE.sub("", form).strip(" ,()%")
    assert [place for place in places.values() if place not in told] == []


def pieces_of_concerns() -> Iterator[tuple[str, str]]:
    """List the literal pieces of which code that raises concerns composes its sentences."""
    for file in sorted((ROOT / "tasks").rglob("*.py")):
        for function in ast.walk(ast.parse(file.read_text())):
            if isinstance(function, ast.FunctionDef) and any(map(is_concern, ast.walk(function))):
                for node in ast.walk(function):
                    if isinstance(node, ast.JoinedStr):
                        yield from (
                            (file.name, str(each.value)) for each in node.values if isinstance(each, ast.Constant)
                        )


def is_concern(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Concern"


def test_no_sentence_of_a_concern_is_missing():
    known = "\n".join(part for form in FORMS for part in re.split(PLACE, form.replace("%%", "%")))
    pieces = sorted({(file, piece.strip(" .,:;()%'")) for file, piece in pieces_of_concerns() if piece.count(" ") > 1})

    assert len(pieces) > 40
    assert [piece for piece in pieces if piece[1] not in known] == []
