"""Whatever a page says, it says in every language."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from desk.localization import reason
from tests.conventions.texts import ROOT, TEMPLATES, TRANSLATED, faults, said, wrong_in

SAME_EVERYWHERE = {"Counterfoil", "Excel", "CSV", "UPC"}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_there_and_looked_at_and_none_that_nobody_says(language):
    assert wrong_in(language) == []


@pytest.mark.parametrize(
    ("said_here", "said_there", "wrong"),
    [
        ("Saved.", "Sparat.", False),
        ("Saved.", "", True),
        ("Page %(page)s", "Sida %(page)s", False),
        ("Page %(page)s", "Sida %(sida)s", True),
        ("By %s", "Av", True),
        (("%(num)s row", "%(num)s rows"), ("%(num)s rad", "%(num)s rader"), False),
        (("%(num)s row", "%(num)s rows"), ("%(num)s rad", ""), True),
        (("%(num)s row", "%(num)s rows"), ("en rad", "%(num)s rader"), True),
    ],
)
def test_an_empty_text_and_another_placeholder_are_found(said_here, said_there, wrong):
    assert bool(list(faults("sv", Message(said_here, said_there)))) == wrong


def test_a_text_that_nobody_looked_at_is_found():
    assert list(faults("sv", Message("Saved.", "Sparat.", flags={"fuzzy"})))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.name)
def test_a_template_says_nothing_but_through_a_catalogue(template: Path):
    bare = re.sub(r"{%.*?%}|{{.*?}}|<[^>]*>|\bdata-[\w-]+", " ", template.read_text(), flags=re.S)
    assert set(re.findall(r"[^\W\d]{2,}", bare)) <= SAME_EVERYWHERE


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.name)
def test_a_template_takes_only_our_own_words_for_markup(template: Path):
    """What ``_()`` returns is markup: a text that came from elsewhere goes through the filter ``translated``."""
    calls = re.findall(r"\b(?:_|gettext|ngettext)\((.)", template.read_text())
    assert set(calls) <= {'"'}


def test_texts_are_found_in_code_in_templates_in_the_core_and_in_forms():
    everything = said()
    for text, place in (
        ("The file is no longer there. Upload it again.", "desk/pages/start.py"),
        ("You see every change before anything is written.", "desk/templates/start.html.j2"),
        ("Applied with rejects", "desk/localization.py"),
        ("Whether cards without a balance are rejected or kept.", "flows/gift_cards.py"),
        (
            "The outlet whose stock is offered in the web shop. Empty means that of all outlets together.",
            "flows/push_products.py",
        ),
        ("Import every new file in the inbox.", "prefect.yaml"),
        ("recorded too often", "desk/localization.py"),
        ("exception added", "desk/localization.py"),
        ("There is nothing left to do.", "tasks/core/reporting/templates/report.html.j2"),
        ("Time that is left", "tasks/core/loyalty/sweep_tables.py"),
        (("%(num)s redemption", "%(num)s redemptions"), "tasks/core/loyalty/news.py"),
        ("Look at it: %s", "desk/localization.py"),
    ):
        assert place in everything[text], text


def test_every_concern_has_a_meaning_that_can_be_said_in_any_language():
    codes = sorted(set(codes_of_concerns()))
    assert len(codes) > 30
    assert [code for code in codes if not reason(code)] == []


def codes_of_concerns() -> Iterator[str]:
    for file in (ROOT / "tasks/core").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Concern":
                named = (each.value for each in node.keywords if each.arg == "code")
                yield from (str(each.value) for each in named if isinstance(each, ast.Constant))


def test_a_code_that_no_longer_exists_means_nothing():
    assert reason("A_CODE_OF_LONG_AGO") == ""
