"""What went wrong is said on a page like any other: in the reader's language, under a title, and with a way on."""

import re

import pytest
from fastapi.testclient import TestClient

from tests.pages.desks import Browser, OpenDesk
from tests.pages.furnished import break_pages

SAYS = {
    "sv": {
        403: ("Inte tillåtet", "Sidan var öppen för länge. Gå tillbaka, ladda den igen och skicka på nytt."),
        404: ("Finns inte", "Det finns ingen sådan sida, eller så får ditt konto inte se den."),
        409: ("Det gick inte igenom", "Körningen 1 väntar inte på något svar: den har inga okända ändringar."),
        413: ("För stor", "Filen är större än vad som tas emot här. Dela den och ladda upp delarna."),
        500: ("Något är trasigt här", "Ett fel i Counterfoil, inte hos dig."),
        503: ("Inte tillgängligt just nu", "S3-lagret på http://store svarade inte. Inget gick förlorat:"),
    },
    "fr": {
        403: ("Non autorisé", "Cette page est restée ouverte trop longtemps."),
        404: ("Introuvable", "Cette page n'existe pas"),
        409: ("Cela n'a pas abouti", "Le traitement 1 n'attend aucune réponse"),
        413: ("Trop grand", "Le fichier est trop grand pour être déposé ici."),
        500: ("Quelque chose est cassé ici", "Une panne de Counterfoil, pas une erreur de votre part."),
        503: ("Indisponible pour le moment", "Le stockage S3 à http://store n'a pas répondu."),
    },
}


@pytest.mark.parametrize("language", SAYS)
def test_every_page_of_an_error_is_in_the_language_of_the_person_and_leads_on(opened: OpenDesk, language: str):
    maria = opened.sign_in("Maria", "submit")
    maria.open("/account")
    maria.press("/account/language", language=language)
    quiet = Browser(client=TestClient(opened.application, base_url="http://desk.test", raise_server_exceptions=False))
    quiet.client.cookies = maria.client.cookies
    for address in (*break_pages(opened), "/shops/here/none", "/none/404"):
        quiet.open(address)
        status = quiet.shown.status_code
        outcome, says = SAYS[language][status]
        assert outcome in quiet.says and says in quiet.says, (address, quiet.says)
        assert f'<html lang="{language}">' in quiet.text and re.search(r"<title>[^<· ]+", quiet.text)
        assert quiet.text.count("<main ") == quiet.text.count("<h1>") == 1
        ways = re.findall(r'<a class="button" href="([^"]*)"', quiet.text)
        assert len(ways) == 1 and maria.client.get(ways[0]).status_code == 200


def test_whoever_is_not_signed_in_is_led_to_where_they_can(opened: OpenDesk):
    nobody = opened.browser()
    nobody.client.headers["accept-language"] = "nl"

    nobody.open("/none")

    assert nobody.shown.status_code == 404 and '<a class="button" href="/sign-in">' in nobody.text
    assert "Aanmelden" in nobody.says and '<html lang="nl">' in nobody.text


def test_a_page_to_which_only_forms_go_is_no_page_to_open(opened: OpenDesk):
    maria = opened.sign_in("Maria", "submit")
    maria.client.headers["accept-language"] = "sv"

    maria.open("/sign-out")

    assert maria.shown.status_code == 405 and "Det finns ingen sådan sida" in maria.says
