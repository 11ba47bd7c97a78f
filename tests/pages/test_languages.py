"""The desk in the language of whoever looks: the browser's, or the one that they chose."""

import re

import pytest

from desk.localization import fixed_texts, says_in_words, sum_in_words, title_in_words
from desk.texts import LANGUAGES, gettext, preferred, speaking
from tasks.core.wording.sums import Sum
from tests.pages.desks import Browser, OpenDesk

FILE = "Number;Balance\nQZX0001;12,50\nQZX0002;20,00\n<b>;1,00\nQZX0004;=1+1\n"


def asks_for(browser: Browser, languages: str) -> Browser:
    browser.client.headers["accept-language"] = languages
    return browser


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("sv-SE,sv;q=0.9,en;q=0.8", "sv"),
        ("FR", "fr"),
        ("de,nl;q=0.5", "nl"),
        ("de", "en"),
        ("", "en"),
        ("*", "en"),
    ],
)
def test_the_first_language_that_a_browser_asks_for_and_we_have(asked: str, spoken: str):
    assert preferred(asked) == spoken


@pytest.mark.parametrize(
    ("language", "rows", "title"),
    [
        ("en", "1,200 rows = 1,199 accepted + 1 rejected", "Gift cards, restore of 4f2a91c07be3"),
        ("sv", "1\xa0200 rader = 1\xa0199 godtagna + 1 avvisad", "Presentkort, återställning av 4f2a91c07be3"),
        ("fr", "1\u202f200 lignes = 1\u202f199 acceptées + 1 rejetée", "Cartes cadeaux, restauration de 4f2a91c07be3"),
        ("nl", "1.200 rijen = 1.199 geaccepteerd + 1 afgewezen", "Cadeaubonnen, herstel van 4f2a91c07be3"),
    ],
)
def test_counts_and_titles_are_said_anew(language, rows, title):
    one = Sum(total=1200, what="row", parts=((1199, "accepted"), (1, "rejected")))
    with speaking(language):
        assert (sum_in_words(one), title_in_words("Gift cards, restore of 4f2a91c07be3")) == (rows, title)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_said_as_nothing(language):
    """The entry of the empty text is the head of a catalogue."""
    with speaking(language):
        assert (gettext(""), says_in_words(None, "")) == ("", "")


def test_what_is_not_in_a_catalogue_is_said_as_it_is():
    with speaking("sv"):
        assert gettext("The till burnt down.") == "The till burnt down."


def test_texts_of_the_core_are_texts():
    assert all(text if isinstance(text, str) else all(text) for text in fixed_texts())


@pytest.mark.thorough
def test_a_run_is_shown_in_the_language_that_the_browser_asks_for(opened: OpenDesk):
    maria = asks_for(opened.sign_in("Maria", "submit"), "sv-SE,sv;q=0.9")
    opened.preview(maria, "cards.csv", FILE)
    assert '<html lang="sv">' in maria.text
    assert "2 nya, 2 avvisade" in maria.says
    assert "4 rader = 2 godtagna + 2 avvisade" in maria.says
    assert "börjar som en formel" in maria.says
    assert "Bekräfta: skriv exakt detta" in maria.says
    found = maria.open(f"{maria.address}?find_rejects=FORMEL")
    assert "=1+1" in found and "&lt;b&gt;" not in found
    maria.open("/shops/here/runs")
    assert "2 nya, 2 avvisade" in maria.says and "Förhandsvisad" in maria.says


def test_somebody_who_chose_a_language_is_spoken_to_in_it_whatever_their_browser_asks_for(opened: OpenDesk):
    maria = asks_for(opened.sign_in("Maria", "look"), "sv")
    maria.open("/account")
    maria.press("/account/language", language="fr")
    assert "Français" in maria.says and "Enregistré" in maria.says
    maria.open("/shops/here/none")
    assert "Cette page n'existe pas" in maria.says
    maria.shown = maria.client.post("/sign-out")
    assert "Cette page est restée ouverte trop longtemps." in maria.says
    elsewhere = asks_for(opened.sign_in("Maria", "look"), "nl")
    elsewhere.open("/shops/here/open")
    assert "Rien n'attend personne." in elsewhere.says
    elsewhere.open("/account")
    elsewhere.press("/account/language", language="")
    elsewhere.open("/shops/here/open")
    assert "Er wacht niets op iemand." in elsewhere.says


@pytest.mark.thorough
def test_a_plan_of_concern_says_it_in_the_language_with_its_amounts(opened: OpenDesk):
    ruth = asks_for(opened.sign_in("Ruth", "submit", "approve"), "fr")
    opened.preview(ruth, "cards.csv", "Number;Balance\nQZX0001;9000,00\n")
    assert "1 carte vaudrait plus de 1 000, la plus grande 9 000 (arrondi vers le haut)" in ruth.says
    assert not re.search(r'<p lang="en">[^<]*9,000', ruth.text)


def test_schedules_and_forms_without_a_file_are_in_the_language_of_whoever_reads(opened: OpenDesk):
    ruth = asks_for(opened.sign_in("Ruth", "submit", "approve"), "sv")
    ruth.open("/shops/here/schedules")
    assert "Ta in vad människor har beslutat om lojalitetsfel" in ruth.says and "varje dag kl. 20:15" in ruth.says
    assert 'aria-label="Slå på Synka ordrar"' in ruth.text
    ruth.open("/shops/here/now/export-customers")
    assert "Hur filen skrivs: som Tixly exporterar den" in ruth.says and "Sparade rubriker" in ruth.says


def test_a_language_that_we_do_not_speak_is_not_taken(opened: OpenDesk):
    maria = asks_for(opened.sign_in("Maria", "look"), "nl")
    maria.open("/account")
    maria.press("/account/language", language="xx")
    assert maria.shown.status_code == 200 and "Nederlands" in maria.says


def test_before_anybody_is_signed_in_the_browser_is_answered_in_its_language(opened: OpenDesk):
    browser = asks_for(opened.browser(), "fr-BE,fr")
    browser.open("/sign-in")
    browser.press("/sign-in", name="Maria", password="wrong")
    assert "Le nom et le mot de passe ne vont pas ensemble." in browser.says
