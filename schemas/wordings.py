"""What the codes of rejects say in French, Dutch and Swedish: for files with headings in these languages.

English stands in the catalogue. Codes of orders are not here: their files have English headings.
"""

from collections.abc import Mapping
from typing import get_args

from schemas.loyalty_wordings import LOYALTY_DUTCH, LOYALTY_FRENCH, LOYALTY_SWEDISH
from schemas.tables import Language

LANGUAGES: tuple[Language, ...] = get_args(Language)
ROW_AND_LINE: Mapping[Language, str] = {
    "en": "row {} (line {}): ",
    "fr": "ligne {} (ligne {} du texte) : ",
    "nl": "rij {} (regel {}): ",
    "sv": "rad {} (textrad {}): ",
}
"""Where a row stood, as a spreadsheet numbers it and by the line of the file: said where these differ."""

_TEXT_FR, _TEXT_NL, _TEXT_SV = "reprenez-la de la source, comme texte", "neem het als tekst over", "hämta den som text"
_TWICE_FR, _TWICE_NL, _TWICE_SV = (
    "gardez la seule bonne ligne",
    "bewaar de ene juiste rij",
    "behåll den enda rätta raden",
)
_LIKE_FR, _LIKE_NL, _LIKE_SV = "écrivez-le comme {example}", "schrijf het als {example}", "skriv det som {example}"
_DAY_FR, _DAY_NL, _DAY_SV = (
    "écrivez année-mois-jour, comme 1988-04-02",
    "schrijf jaar-maand-dag, zoals 1988-04-02",
    "skriv år-månad-dag, som 1988-04-02",
)
_FORMAT_FR = f"{_LIKE_FR}, ou relancez avec number_format"
_FORMAT_NL = f"{_LIKE_NL}, of draai opnieuw met number_format"
_FORMAT_SV = f"{_LIKE_SV}, eller kör igen med number_format"

_FRENCH: dict[str, tuple[str, str]] = {
    "CELL_THOUSANDS": ("des séparateurs de milliers dans un code", "écrivez le code sans eux, comme dans la source"),
    "FILE_ROW_TWICE": ("le fichier le contient plus d'une fois", _TWICE_FR),
    "FILE_TOTAL_ROW": ("un total parmi les lignes", "retirez la ligne"),
    "CELL_DECIMALS": (
        "un tableur a mis des décimales derrière un code",
        "écrivez le code sans elles, comme dans la source",
    ),
    "CELL_NUMBER_FORMAT": (
        "la feuille montre une autre valeur que celle de la cellule",
        "écrivez ce qui est voulu comme texte, ou donnez à la cellule le format Standard",
    ),
    "CELL_LOST_LETTERS": (
        "une lettre est perdue, une marque la remplace",
        "retapez la cellule, ou exportez le fichier en CSV UTF-8",
    ),
    "GIFT_EXPIRED": ("la carte a expiré", "retirez la ligne ; si la carte vaut encore, corrigez la date"),
    "GIFT_EXPIRY": ("la date de fin de la carte est illisible", "écrivez année-mois-jour, ou videz la cellule"),
    "GIFT_ENDED": ("la carte ne vaut plus", "retirez la ligne ; si elle vaut encore, corrigez cette cellule"),
    "FILE_ROW_WIDTH": ("la ligne a plus ou moins de cellules que de titres", "mettez chaque cellule dans sa colonne"),
    "CELL_EMPTY": ("vide", "remplissez la cellule, ou retirez la ligne"),
    "CELL_SCI_NOTATION": ("un tableur a raccourci le nombre, ses chiffres sont perdus", _TEXT_FR),
    "CELL_PRECISION_LOST": ("ses derniers chiffres sont perdus", _TEXT_FR),
    "CELL_DATE": ("ressemble à une date ou une heure", _TEXT_FR),
    "CELL_BOOLEAN": ("vrai ou faux, pas une valeur", _TEXT_FR),
    "CELL_ERROR": ("une erreur, pas une valeur", "mettez la valeur que la formule devrait donner"),
    "CELL_FORMULA": ("commence comme une formule", "écrivez la valeur même, sans = + - @ devant"),
    "CELL_CONTROL": ("contient un caractère invisible", "retapez la cellule"),
    "AMOUNT_NOT_A_NUMBER": ("n'est pas un montant", _LIKE_FR),
    "AMOUNT_CURRENCY": ("une devise se trouve à côté du montant", "écrivez le montant seul, comme {example}"),
    "AMOUNT_NEGATIVE": ("inférieur à zéro", "écrivez zéro ou plus, comme {example}"),
    "AMOUNT_ZERO": ("zéro", "retirez la ligne, ou relancez avec zero_balances=keep"),
    "AMOUNT_PRECISION": ("plus de décimales que la devise n'en a", "arrondissez comme le magasin le ferait"),
    "AMOUNT_TOO_LARGE": ("plus grand que tout montant possible", "vérifiez la cellule ; est-ce le numéro de carte ?"),
    "AMOUNT_THOUSANDS": ("les séparateurs de milliers diffèrent du reste de la colonne", _FORMAT_FR),
    "AMOUNT_DECIMAL_COMMA": ("pas le signe décimal de cette colonne", _FORMAT_FR),
    "AMOUNT_AMBIGUOUS": ("peut se lire de deux façons", "relancez avec number_format, par exemple 1,234.56"),
    "GIFT_NUMBER_CHARS": ("un numéro n'a que des lettres A-Z et des chiffres", "écrivez-le comme sur la carte"),
    "GIFT_NUMBER_LENGTH": ("trop long pour un numéro de carte", "écrivez-le comme sur la carte"),
    "GIFT_NUMBER_DUP_FILE": ("se trouve plusieurs fois dans le fichier", _TWICE_FR),
    "MAIL_ADDRESS": ("pas une adresse où l'on peut écrire", "écrivez-la comme nom@example.com"),
    "CUST_EMAIL_INVALID": ("pas une adresse e-mail", "écrivez une seule adresse, comme nom@example.com"),
    "CUST_PHONE_INVALID": ("pas un numéro de téléphone", "écrivez un numéro avec l'indicatif, comme +46701234567"),
    "CUST_ENUM": ("un mot que cette colonne ne connaît pas", "écrivez-en un qu'elle connaît"),
    "DAY_UNREADABLE": ("pas un jour", "écrivez année-mois-jour, comme 2026-11-20"),
    "DAY_AMBIGUOUS": ("peut être deux jours", "écrivez année-mois-jour, comme 2026-11-20"),
    "CUST_DATE": ("pas une date", _DAY_FR),
    "CUST_DATE_AMBIGUOUS": ("peut être deux dates", _DAY_FR),
    "CUST_DATE_YEAR": ("l'année n'a que deux chiffres", _DAY_FR),
    "CUST_DATE_SERIAL": ("le nombre de jours d'un tableur, pas une date", _DAY_FR),
    "CUST_DATE_RANGE": ("pas une date de naissance possible", "vérifiez-la, ou laissez la cellule vide"),
    "REF_POSTCODE": ("pas un code postal de son pays", "corrigez le code postal ou le pays"),
    "SHOP_REFUSED": ("le magasin l'a refusé", "corrigez-le comme le magasin le dit"),
    "CUST_REQUIRED": ("rien ici", "remplissez la cellule : sans elle on ne sait pas qui c'est"),
    "CUST_EMAIL_DUP_FILE": ("le fichier a cette personne plusieurs fois", _TWICE_FR),
    "TIXLY_CUSTOMER_ID_NOT_INT": ("pas un numéro de client", "écrivez le numéro de la fiche, ou 0 pour une nouvelle"),
    "TIXLY_CUSTOMER_ID_DUP": ("le numéro se trouve plusieurs fois dans le fichier", _TWICE_FR),
    "FILE_ROW_UNCHANGED": (
        "revient tel qu'il a été rejeté",
        "corrigez-le ; s'il est juste tel qu'il est maintenant, videz sa cellule d'erreur ; pour l'abandonner, "
        "écrivez-y retirer: et pourquoi",
    ),
    "FILE_ROW_REFERENCE": (
        "ne désigne pas une ligne rejetée ici",
        "laissez cette cellule comme elle était ; si la ligne est juste, videz-la",
    ),
    "CELL_ZEROS_TAKEN": (
        "un tableur a ôté ses zéros de tête",
        "mettez la colonne en texte et retapez-le ; s'il est juste sans eux, videz la cellule d'erreur",
    ),
}
_DUTCH: dict[str, tuple[str, str]] = {
    "CELL_THOUSANDS": ("duizendtallen met tekens in een code", "schrijf de code zonder, zoals in de bron"),
    "FILE_ROW_TWICE": ("het bestand heeft dit meer dan eens", _TWICE_NL),
    "FILE_TOTAL_ROW": ("een totaal tussen de rijen", "haal de rij weg"),
    "CELL_DECIMALS": ("een rekenblad zette decimalen achter een code", "schrijf de code zonder, zoals in de bron"),
    "CELL_NUMBER_FORMAT": (
        "het blad toont een andere waarde dan in de cel staat",
        "schrijf wat bedoeld is als tekst, of geef de cel de getalnotatie Standaard",
    ),
    "CELL_LOST_LETTERS": (
        "een letter is verloren, er staat een teken voor",
        "typ de cel opnieuw, of exporteer het bestand als CSV UTF-8",
    ),
    "GIFT_EXPIRED": ("de kaart is verlopen", "haal de rij weg; geldt de kaart nog, verbeter dan de datum"),
    "GIFT_EXPIRY": ("tot wanneer de kaart geldt is niet te lezen", "schrijf jaar-maand-dag, of maak de cel leeg"),
    "GIFT_ENDED": ("de kaart geldt niet meer", "haal de rij weg; geldt ze nog, verbeter dan deze cel"),
    "FILE_ROW_WIDTH": ("de rij heeft meer of minder cellen dan er koppen zijn", "zet elke cel in haar kolom"),
    "CELL_EMPTY": ("leeg", "vul de cel in, of haal de rij weg"),
    "CELL_SCI_NOTATION": ("een rekenblad heeft het getal verkort, de cijfers zijn weg", _TEXT_NL),
    "CELL_PRECISION_LOST": ("de laatste cijfers zijn weg", _TEXT_NL),
    "CELL_DATE": ("lijkt een datum of een tijd", _TEXT_NL),
    "CELL_BOOLEAN": ("waar of onwaar, geen waarde", _TEXT_NL),
    "CELL_ERROR": ("een fout, geen waarde", "zet er de waarde die de formule zou moeten geven"),
    "CELL_FORMULA": ("begint als een formule", "schrijf de waarde zelf, zonder = + - @ ervoor"),
    "CELL_CONTROL": ("bevat een onzichtbaar teken", "typ de cel opnieuw"),
    "AMOUNT_NOT_A_NUMBER": ("geen bedrag", _LIKE_NL),
    "AMOUNT_CURRENCY": ("naast het bedrag staat een munt", "schrijf alleen het bedrag, zoals {example}"),
    "AMOUNT_NEGATIVE": ("onder nul", "schrijf nul of meer, zoals {example}"),
    "AMOUNT_ZERO": ("nul", "haal de rij weg, of draai opnieuw met zero_balances=keep"),
    "AMOUNT_PRECISION": ("meer decimalen dan de munt heeft", "rond af zoals de winkel dat doet"),
    "AMOUNT_TOO_LARGE": ("groter dan enig bedrag dat we schrijven", "kijk de cel na; is het het kaartnummer?"),
    "AMOUNT_THOUSANDS": ("de duizendtallen staan niet zoals elders in de kolom", _FORMAT_NL),
    "AMOUNT_DECIMAL_COMMA": ("niet het decimaalteken van deze kolom", _FORMAT_NL),
    "AMOUNT_AMBIGUOUS": ("is op twee manieren te lezen", "draai opnieuw met number_format, bijvoorbeeld 1,234.56"),
    "GIFT_NUMBER_CHARS": ("een kaartnummer heeft alleen letters A-Z en cijfers", "schrijf het zoals op de kaart"),
    "GIFT_NUMBER_LENGTH": ("te lang voor een kaartnummer", "schrijf het zoals op de kaart"),
    "GIFT_NUMBER_DUP_FILE": ("staat meer dan eens in het bestand", _TWICE_NL),
    "MAIL_ADDRESS": ("geen adres waar een mail heen kan", "schrijf het als naam@example.com"),
    "CUST_EMAIL_INVALID": ("geen e-mailadres", "schrijf één adres, zoals naam@example.com"),
    "CUST_PHONE_INVALID": ("geen telefoonnummer", "schrijf één nummer met landcode, zoals +46701234567"),
    "CUST_ENUM": ("geen woord dat deze kolom kent", "schrijf er een dat zij kent"),
    "DAY_UNREADABLE": ("geen dag", "schrijf jaar-maand-dag, zoals 2026-11-20"),
    "DAY_AMBIGUOUS": ("kan twee dagen zijn", "schrijf jaar-maand-dag, zoals 2026-11-20"),
    "CUST_DATE": ("geen datum", _DAY_NL),
    "CUST_DATE_AMBIGUOUS": ("kunnen twee datums zijn", _DAY_NL),
    "CUST_DATE_YEAR": ("het jaar heeft twee cijfers", _DAY_NL),
    "CUST_DATE_SERIAL": ("het aantal dagen van een rekenblad, geen datum", _DAY_NL),
    "CUST_DATE_RANGE": ("niet wanneer een klant geboren is", "zoek het op, of laat de cel leeg"),
    "REF_POSTCODE": ("geen postcode van het land", "zet de postcode of het land recht"),
    "SHOP_REFUSED": ("de winkel weigerde het", "zet het recht zoals de winkel zegt"),
    "CUST_REQUIRED": ("hier staat niets", "vul de cel in: zonder weet niemand wie dit is"),
    "CUST_EMAIL_DUP_FILE": ("het bestand heeft deze persoon meer dan eens", _TWICE_NL),
    "TIXLY_CUSTOMER_ID_NOT_INT": ("geen klantnummer", "schrijf het nummer van de kaart, of 0 voor een nieuwe klant"),
    "TIXLY_CUSTOMER_ID_DUP": ("het nummer staat meer dan eens in het bestand", _TWICE_NL),
    "FILE_ROW_UNCHANGED": (
        "komt terug zoals het was afgewezen",
        "verbeter het; is het goed zoals het nu staat, maak dan de foutcel leeg; om het voorgoed weg te laten, "
        "schrijf daar schrappen: en waarom",
    ),
    "FILE_ROW_REFERENCE": (
        "noemt geen rij die hier is afgewezen",
        "laat deze cel zoals ze was; is de rij goed, maak haar dan leeg",
    ),
    "CELL_ZEROS_TAKEN": (
        "een rekenblad heeft de nullen ervoor weggenomen",
        "maak de kolom tekst en typ het opnieuw; is het goed zonder, maak dan de foutcel leeg",
    ),
}
_SWEDISH: dict[str, tuple[str, str]] = {
    "CELL_THOUSANDS": ("tusentalstecken i en kod", "skriv koden utan dem, som i källan"),
    "FILE_ROW_TWICE": ("filen har detta mer än en gång", _TWICE_SV),
    "FILE_TOTAL_ROW": ("en summa bland raderna", "ta bort raden"),
    "CELL_DECIMALS": ("ett kalkylblad satte decimaler efter en kod", "skriv koden utan dem, som i källan"),
    "CELL_NUMBER_FORMAT": (
        "bladet visar ett annat värde än cellen har",
        "skriv det som menas som text, eller ge cellen talformatet Allmänt",
    ),
    "CELL_LOST_LETTERS": (
        "en bokstav är förlorad, ett tecken står i stället",
        "skriv cellen på nytt, eller exportera filen som CSV UTF-8",
    ),
    "GIFT_EXPIRED": ("kortet har gått ut", "ta bort raden; gäller kortet än, rätta datumet"),
    "GIFT_EXPIRY": ("hur länge kortet gäller går inte att läsa", "skriv år-månad-dag, eller töm cellen"),
    "GIFT_ENDED": ("kortet gäller inte längre", "ta bort raden; gäller det än, rätta den här cellen"),
    "FILE_ROW_WIDTH": ("raden har fler eller färre celler än det finns rubriker", "sätt varje cell i sin kolumn"),
    "CELL_EMPTY": ("tom", "fyll i cellen, eller ta bort raden"),
    "CELL_SCI_NOTATION": ("ett kalkylblad har kortat talet, siffrorna är borta", _TEXT_SV),
    "CELL_PRECISION_LOST": ("de sista siffrorna är borta", _TEXT_SV),
    "CELL_DATE": ("ser ut som ett datum eller en tid", _TEXT_SV),
    "CELL_BOOLEAN": ("sant eller falskt, inget värde", _TEXT_SV),
    "CELL_ERROR": ("ett fel, inget värde", "skriv det värde som formeln skulle ge"),
    "CELL_FORMULA": ("börjar som en formel", "skriv själva värdet, utan = + - @ framför"),
    "CELL_CONTROL": ("innehåller ett tecken som inte syns", "skriv cellen på nytt"),
    "AMOUNT_NOT_A_NUMBER": ("inget belopp", _LIKE_SV),
    "AMOUNT_CURRENCY": ("en valuta står bredvid beloppet", "skriv bara beloppet, som {example}"),
    "AMOUNT_NEGATIVE": ("under noll", "skriv noll eller mer, som {example}"),
    "AMOUNT_ZERO": ("noll", "ta bort raden, eller kör igen med zero_balances=keep"),
    "AMOUNT_PRECISION": ("fler decimaler än valutan har", "avrunda som butiken skulle göra"),
    "AMOUNT_TOO_LARGE": ("större än något belopp vi skriver", "kontrollera cellen; är det kortnumret?"),
    "AMOUNT_THOUSANDS": ("tusentalen är inte skrivna som i resten av kolumnen", _FORMAT_SV),
    "AMOUNT_DECIMAL_COMMA": ("inte kolumnens decimaltecken", _FORMAT_SV),
    "AMOUNT_AMBIGUOUS": ("kan läsas på två sätt", "kör igen med number_format, till exempel 1,234.56"),
    "GIFT_NUMBER_CHARS": ("ett kortnummer har bara bokstäver A-Z och siffror", "skriv det som på kortet"),
    "GIFT_NUMBER_LENGTH": ("för långt för ett kortnummer", "skriv det som på kortet"),
    "GIFT_NUMBER_DUP_FILE": ("står mer än en gång i filen", _TWICE_SV),
    "MAIL_ADDRESS": ("ingen adress som det går att skicka till", "skriv den som namn@example.com"),
    "CUST_EMAIL_INVALID": ("ingen e-postadress", "skriv en enda adress, som namn@example.com"),
    "CUST_PHONE_INVALID": ("inget telefonnummer", "skriv ett nummer med landskod, som +46701234567"),
    "CUST_ENUM": ("inget ord som kolumnen känner till", "skriv ett som den känner till"),
    "DAY_UNREADABLE": ("ingen dag", "skriv år-månad-dag, som 2026-11-20"),
    "DAY_AMBIGUOUS": ("kan vara två dagar", "skriv år-månad-dag, som 2026-11-20"),
    "CUST_DATE": ("inget datum", _DAY_SV),
    "CUST_DATE_AMBIGUOUS": ("kan vara två datum", _DAY_SV),
    "CUST_DATE_YEAR": ("året har två siffror", _DAY_SV),
    "CUST_DATE_SERIAL": ("ett kalkylblads antal dagar, inget datum", _DAY_SV),
    "CUST_DATE_RANGE": ("inte när en kund är född", "kontrollera det, eller lämna cellen tom"),
    "REF_POSTCODE": ("inget postnummer i landet", "rätta postnumret eller landet"),
    "SHOP_REFUSED": ("butiken sade nej", "rätta det som butiken säger"),
    "CUST_REQUIRED": ("här står inget", "fyll i cellen: utan den vet ingen vem det är"),
    "CUST_EMAIL_DUP_FILE": ("filen har personen mer än en gång", _TWICE_SV),
    "TIXLY_CUSTOMER_ID_NOT_INT": ("inget kundnummer", "skriv kortets nummer, eller 0 för en ny kund"),
    "TIXLY_CUSTOMER_ID_DUP": ("numret står mer än en gång i filen", _TWICE_SV),
    "FILE_ROW_UNCHANGED": (
        "kommer tillbaka som den avvisades",
        "rätta den; är den rätt som den står nu, töm felcellen; för att lämna den ute för gott, skriv där stryk: "
        "och varför",
    ),
    "FILE_ROW_REFERENCE": (
        "nämner ingen rad som avvisats här",
        "lämna cellen som den var; är raden rätt, töm den",
    ),
    "CELL_ZEROS_TAKEN": (
        "ett kalkylblad tog nollorna framför",
        "gör kolumnen till text och skriv på nytt; är det rätt utan dem, töm felcellen",
    ),
}
WORDINGS: Mapping[Language, Mapping[str, tuple[str, str]]] = {
    "fr": _FRENCH | LOYALTY_FRENCH,
    "nl": _DUTCH | LOYALTY_DUTCH,
    "sv": _SWEDISH | LOYALTY_SWEDISH,
}
