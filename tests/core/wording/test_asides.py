"""What stands in brackets behind a reject is in the language of its file, as the reject itself is."""

import pytest

from schemas.asides import PHRASES
from tasks.core.wording.asides import aside_in


@pytest.mark.parametrize(
    ("english", "french", "dutch", "swedish"),
    [
        ("it holds 'é'", "contient 'é'", "bevat 'é'", "innehåller 'é'"),
        ("it holds a no-break blank", "contient une espace insécable", "bevat een vaste spatie",
         "innehåller ett fast blanksteg"),
        ("also on line 4", "aussi : ligne 4", "ook op regel 4", "också på textrad 4"),
        ("also on lines 3, 4, 5, 6, 7 and 2 more", "aussi : lignes 3, 4, 5, 6, 7 et 2 autres",
         "ook op regels 3, 4, 5, 6, 7 en nog 2", "också på textrader 3, 4, 5, 6, 7 och 2 till"),
        ("also on line 4, in a spreadsheet row 3", "aussi : ligne 4, dans un tableur ligne 3",
         "ook op regel 4, in een rekenblad rij 3", "också på textrad 4, i ett kalkylblad rad 3"),
        ("1 cell where the headings have 2", "1 cellule alors qu'il y a 2 titres", "1 cel terwijl er 2 titels zijn",
         "1 cell, men rubrikerna är 2"),
        ("5 April 1988 or 4 May 1988", "5 avril 1988 ou 4 mai 1988", "5 april 1988 of 4 mei 1988",
         "5 april 1988 eller 4 maj 1988"),
        ("1.234 may be 1234 or 1.234", "1.234 peut être 1234 ou 1.234", "1.234 kan 1234 of 1.234 zijn",
         "1.234 kan vara 1234 eller 1.234"),
        ("with four digits: 1925 or 2025", "avec quatre chiffres : 1925 ou 2025", "met vier cijfers: 1925 of 2025",
         "med fyra siffror: 1925 eller 2025"),
        ("in SE it is like 123 45", "en SE, il est comme 123 45", "in SE is hij zoals 123 45",
         "i SE är det som 123 45"),
        ("12.50", "12.50", "12.50", "12.50"),
        ("Name 'Gold or Silver': empty", "Name 'Gold or Silver': empty", "Name 'Gold or Silver': empty",
         "Name 'Gold or Silver': empty"),
    ],
)  # fmt: skip
def test_a_phrase_is_said_in_the_language_and_what_it_names_stays(english, french, dutch, swedish):
    assert [aside_in(english, language) for language in ("en", "fr", "nl", "sv")] == [english, french, dutch, swedish]


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda phrase: phrase[0])
def test_every_phrase_has_the_same_places_in_all_languages_and_is_found(phrase):
    english, *others = phrase
    places = english.count("{}") + english.count("{9}")
    assert [each.count("{}") for each in others] == [places] * 3
    said = english.replace("{9}", "7").replace("{}", "7")
    for language, other in zip(("fr", "nl", "sv"), others, strict=True):
        assert aside_in(said, language) == other.replace("{}", "7")
