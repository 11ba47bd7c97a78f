"""What stands in brackets behind a reject, in French, Dutch and Swedish: phrases with places for what they name.

English is what reading and checking write. A phrase that is not here stays as it is: an example, or a list of words.
"""

import re
from collections.abc import Mapping
from functools import lru_cache, reduce

from schemas.tables import Language

_CELLS = (
    ("{} where the headings have {}", "{} alors qu'il y a {} titres", "{} terwijl er {} titels zijn",
     "{}, men rubrikerna är {}"),
    ("1 cell", "1 cellule", "1 cel", "1 cell"),
    ("{9} cells", "{} cellules", "{} cellen", "{} celler"),
    ("{} still holds cells", "{} contient encore des cellules", "{} bevat nog cellen", "{} innehåller ännu celler"),
    ("the column was too narrow to show the value", "la colonne était trop étroite pour la valeur",
     "de kolom was te smal voor de waarde", "kolumnen var för smal för värdet"),
    ("the spreadsheet shows an error here", "le tableur montre une erreur ici", "het rekenblad toont hier een fout",
     "kalkylbladet visar ett fel här"),
    ("the workbook does not hold its result", "le classeur n'en contient pas le résultat",
     "de werkmap bevat de uitkomst niet", "arbetsboken innehåller inte resultatet"),
    ("stored as a number, of which a spreadsheet keeps only 15 digits",
     "enregistré comme nombre, dont un tableur ne garde que 15 chiffres",
     "bewaard als getal, waarvan een rekenblad maar 15 cijfers houdt",
     "sparat som tal, av vilket ett kalkylblad bara behåller 15 siffror"),
    ("zeros from the 16th digit on, as a spreadsheet leaves them",
     "des zéros à partir du 16e chiffre, comme un tableur les laisse",
     "nullen vanaf het 16e cijfer, zoals een rekenblad ze achterlaat",
     "nollor från den 16:e siffran, som ett kalkylblad lämnar dem"),
    ("the spreadsheet turned it into true or false", "le tableur en a fait vrai ou faux",
     "het rekenblad maakte er waar of onwaar van", "kalkylbladet gjorde det till sant eller falskt"),
    ("the spreadsheet turned it into a date or a time", "le tableur en a fait une date ou une heure",
     "het rekenblad maakte er een datum of tijd van", "kalkylbladet gjorde det till ett datum eller en tid"),
    ("a time without its day", "une heure sans son jour", "een tijd zonder dag", "en tid utan dag"),
    ("no time", "pas une heure", "geen tijd", "ingen tid"),
    ("no day of the calendar", "pas un jour du calendrier", "geen dag van de kalender", "ingen dag i kalendern"),
    ("the sheet does not show day, month and year", "la feuille ne montre pas le jour, le mois et l'année",
     "het blad toont niet dag, maand en jaar", "bladet visar inte dag, månad och år"),
    ("the sheet does not show it", "la feuille ne le montre pas", "het blad toont het niet", "bladet visar det inte"),
    ("more than a number is shown", "plus qu'un nombre est montré", "er wordt meer dan een getal getoond",
     "mer än ett tal visas"),
    ("shown rounded", "montré arrondi", "afgerond getoond", "visas avrundat"),
    ("shown with zeros behind it", "montré avec des zéros derrière", "getoond met nullen erachter",
     "visas med nollor efter"),
    ("shown as a date", "montré comme date", "getoond als datum", "visas som datum"),
    ("shown as a percentage", "montré en pour cent", "getoond als percentage", "visas i procent"),
    ("shown in thousands", "montré en milliers", "getoond in duizendtallen", "visas i tusental"),
    ("shown shortened", "montré raccourci", "verkort getoond", "visas förkortat"),
    ("shown as a fraction", "montré comme fraction", "getoond als breuk", "visas som bråk"),
    ("shown without its minus", "montré sans son signe moins", "getoond zonder het minteken", "visas utan minus"),
    ("shown as another number", "montré comme un autre nombre", "getoond als een ander getal",
     "visas som ett annat tal"),
    ("a spreadsheet put decimals behind it", "un tableur a mis des décimales derrière",
     "een rekenblad zette er decimalen achter", "ett kalkylblad satte decimaler efter"),
    ("a word that stands for nothing", "un mot qui ne veut rien dire", "een woord dat voor niets staat",
     "ett ord som står för ingenting"),
)  # fmt: skip
_ROWS = (
    ("also on {}, in a spreadsheet {}", "aussi : {}, dans un tableur {}", "ook op {}, in een rekenblad {}",
     "också på {}, i ett kalkylblad {}"),
    ("also on {}", "aussi : {}", "ook op {}", "också på {}"),
    ("line {}", "ligne {}", "regel {}", "textrad {}"),
    ("lines {}", "lignes {}", "regels {}", "textrader {}"),
    ("row {}", "ligne {}", "rij {}", "rad {}"),
    ("rows {}", "lignes {}", "rijen {}", "rader {}"),
    ("{} and {} more", "{} et {} autres", "{} en nog {}", "{} och {} till"),
)  # fmt: skip
_NUMBERS = (
    ("it holds letters", "des lettres s'y trouvent", "er staan letters in", "det står bokstäver i det"),
    ("it holds {}", "contient {}", "bevat {}", "innehåller {}"),
    ("a blank", "une espace", "een spatie", "ett blanksteg"),
    ("a no-break blank", "une espace insécable", "een vaste spatie", "ett fast blanksteg"),
    ("{9} characters, {9} at most", "{} caractères, {} au plus", "{} tekens, ten hoogste {}", "{} tecken, högst {}"),
    ("{9} at most", "{} au plus", "ten hoogste {}", "högst {}"),
    ("{9} may be {}", "{} peut être {}", "{} kan {} zijn", "{} kan vara {}"),
)  # fmt: skip
_PEOPLE = (
    ("it has no @", "il manque le @", "de @ ontbreekt", "@ saknas"),
    ("it has more than one @", "plus d'un @", "meer dan één @", "mer än ett @"),
    ("its @ is not the usual one", "le @ n'est pas le signe habituel", "de @ is niet het gewone teken",
     "@ är inte det vanliga tecknet"),
    ("a blank stands in it", "une espace s'y trouve", "er staat een spatie in", "ett blanksteg står i den"),
    ("nothing stands before the @", "rien avant le @", "niets voor de @", "inget före @"),
    ("nothing stands after the @", "rien après le @", "niets na de @", "inget efter @"),
    ("the part after the @ has no point", "pas de point après le @", "geen punt na de @", "ingen punkt efter @"),
    ("two points stand side by side", "deux points côte à côte", "twee punten naast elkaar",
     "två punkter intill varandra"),
    ("a point stands first or last", "un point au début ou à la fin", "een punt aan begin of eind",
     "en punkt först eller sist"),
    ("a point stands beside the @", "un point à côté du @", "een punt naast de @", "en punkt intill @"),
    ("the name after the @ is reserved, mail cannot reach it", "le nom après le @ est réservé, rien n'y arrive",
     "de naam na de @ is voorbehouden, er komt niets aan", "namnet efter @ är reserverat, inget når dit"),
    ("the part after the @ ends in no name such as .com", "la fin n'est pas un nom comme .com",
     "het einde is geen naam zoals .com", "slutet är inget namn som .com"),
    ("it is too long", "trop long", "te lang", "för lång"),
    ("a name or angle brackets stand beside it", "un nom ou des chevrons à côté",
     "een naam of punthaken ernaast", "ett namn eller vinkelparenteser bredvid"),
    ("a character before the @ does not belong there", "un caractère de trop avant le @",
     "een teken voor de @ hoort daar niet", "ett tecken före @ hör inte dit"),
    ("the part after the @ is wrong", "ce qui suit le @ est faux", "wat na de @ staat klopt niet",
     "det som står efter @ är fel"),
    ("it is not written as name@example.com", "pas écrit comme nom@example.com", "niet geschreven als naam@example.com",
     "inte skriven som namn@example.com"),
    ("no country has this code", "aucun pays n'a cet indicatif", "geen land heeft deze code",
     "inget land har den koden"),
    ("digits are missing behind the country code", "des chiffres manquent après l'indicatif",
     "na de landcode ontbreken cijfers", "siffror saknas efter landsnumret"),
    ("it has too few digits", "trop peu de chiffres", "te weinig cijfers", "för få siffror"),
    ("it has too many digits", "trop de chiffres", "te veel cijfers", "för många siffror"),
    ("it has too many or too few digits", "trop ou trop peu de chiffres", "te veel of te weinig cijfers",
     "för många eller för få siffror"),
    ("it is not written in digits", "pas écrit en chiffres", "niet in cijfers geschreven", "inte skrivet med siffror"),
    ("no such number is given out", "un tel numéro n'est pas attribué", "zo'n nummer wordt niet uitgegeven",
     "ett sådant nummer ges inte ut"),
    ("no numbering plan for {}", "pas de plan de numérotation pour {}", "geen nummerplan voor {}",
     "ingen nummerplan för {}"),
    ("in {} it is like {}", "en {}, il est comme {}", "in {} is hij zoals {}", "i {} är det som {}"),
    ("one of: {}", "l'un de : {}", "een van: {}", "något av: {}"),
    ("did you mean {}?", "vouliez-vous dire {} ?", "bedoelde u {}?", "menade du {}?"),
)  # fmt: skip
_DAYS = (
    ("there is no such day", "ce jour n'existe pas", "die dag bestaat niet", "den dagen finns inte"),
    ("it is in the future", "dans l'avenir", "in de toekomst", "i framtiden"),
    ("it is before {}", "avant {}", "vóór {}", "före {}"),
    ("a year alone, without month and day", "une année seule, sans mois ni jour",
     "alleen een jaar, zonder maand en dag", "bara ett år, utan månad och dag"),
    ("a time stands in it", "une heure s'y trouve", "er staat een tijd in", "ett klockslag står i det"),
    ("it would be {}", "ce serait {}", "het zou {} zijn", "det vore {}"),
    ("with four digits: {}", "avec quatre chiffres : {}", "met vier cijfers: {}", "med fyra siffror: {}"),
    ("{9} or {9}", "{} ou {}", "{} of {}", "{} eller {}"),
    ("{9} January {9}", "{} janvier {}", "{} januari {}", "{} januari {}"),
    ("{9} February {9}", "{} février {}", "{} februari {}", "{} februari {}"),
    ("{9} March {9}", "{} mars {}", "{} maart {}", "{} mars {}"),
    ("{9} April {9}", "{} avril {}", "{} april {}", "{} april {}"),
    ("{9} May {9}", "{} mai {}", "{} mei {}", "{} maj {}"),
    ("{9} June {9}", "{} juin {}", "{} juni {}", "{} juni {}"),
    ("{9} July {9}", "{} juillet {}", "{} juli {}", "{} juli {}"),
    ("{9} August {9}", "{} août {}", "{} augustus {}", "{} augusti {}"),
    ("{9} September {9}", "{} septembre {}", "{} september {}", "{} september {}"),
    ("{9} October {9}", "{} octobre {}", "{} oktober {}", "{} oktober {}"),
    ("{9} November {9}", "{} novembre {}", "{} november {}", "{} november {}"),
    ("{9} December {9}", "{} décembre {}", "{} december {}", "{} december {}"),
)  # fmt: skip
PHRASES = (*_CELLS, *_ROWS, *_NUMBERS, *_PEOPLE, *_DAYS)
"""In English, French, Dutch and Swedish; the first that fits counts.

``{}`` is a place for what a phrase names, which may be a phrase again; ``{9}`` one for a number or a date.
"""
_PLACES = {r"\{\}": "(.+?)", r"\{9\}": r"([0-9.,]+(?: \w+ [0-9]+)?)"}


def _pattern(english: str) -> re.Pattern[str]:
    return re.compile(reduce(lambda text, place: text.replace(*place), _PLACES.items(), re.escape(english)), re.DOTALL)


_PATTERNS = tuple((_pattern(english), {"fr": fr, "nl": nl, "sv": sv}) for english, fr, nl, sv in PHRASES)


@lru_cache(maxsize=2**12)
def _found(aside: str) -> tuple[tuple[str, ...], Mapping[str, str]] | None:
    matches = ((pattern.fullmatch(aside), words) for pattern, words in _PATTERNS)
    return next(((match.groups(), words) for match, words in matches if match), None)


def aside_in(aside: str, language: Language) -> str:
    """Say in *language* what stands in brackets; what is no phrase of ours stays."""
    found = _found(aside) if aside and language != "en" else None
    if found is None:
        return aside
    named, words = found
    return words[language].format(*(aside_in(part, language) for part in named))
