"""Columns beside ours that change what ours mean: a currency, a date of expiry, a status, a unit.

What their headings are called in the languages of our shops, and which words stand in them. What follows from a
cell is for ``tasks.core.checking.qualifiers`` to say.
"""

from collections.abc import Mapping
from typing import Literal

Qualifier = Literal["currency", "expiry", "dead", "live", "status", "unit", "price"]
"""``dead``: it says yes, or when, to what ended a record (Disabled At); ``live``: to what keeps it (Enabled)."""

HEADINGS: Mapping[Qualifier, str] = {
    "currency": r"\b(?:currency|currencies|curr?|ccy|devises?|monnaie|valuta|valutakod|munt|muntsoort|munteenheid"
    r"|muntcode|geldeenheid|wahrung|moneda|divisa)\b",
    "dead": r"disabl|inacti|inakti|deacti|desacti|gedeacti|block|bloqu|geblok|sparr|gesperrt|\bvoid|cancel|annul|makul"
    r"|delete|supprime|verwijderd|raderad|borttag|expired\b|\bexpiree?\b|verlopen|utganget|\butgangen\b|archiv|frozen"
    r"|suspend|clotur|\bclosed?\b|stulen|stolen|\bvole\b",
    "expiry": r"expir|valid.?(?:un)?til|valid (?:to|thru|through)|\b(?:un)?til[l]?\b|\bend|best before|giltig"
    r".*\b(?:till|tom|t o m)\b|galler till|utgang|utgar|forfall|slutdatum|sista|verval|verloop|geldig tot|\btot\b|eindd"
    r"|valable|validite|jusqu|echeance|date limite|peremption|\bfin\b|use by|gultig bis|ablauf|laps",
    "live": r"\b(?:enabled|is enabled|active|activated|actifs?|activee?|aktiv|aktiverad|aktivt|actief|geactiveerd|valid"
    r"|valide|giltig|giltigt|geldig|ingeschakeld|published|publie|is active)\b",
    "status": r"status|\b(?:statuts?|etat|state|tillstand|staat|toestand)\b",
    "price": r"\b(?:prix|pris|prijs|prices?|preis|cost|tarif)\b",
    "unit": r"\b(?:units?|uom|unites?|enhet|eenheid|pack|pack size|per|colisage|conditionnement|forpackning|verpakking"
    r"|packaging|einheit|scales?|scaling|factor|multiplier|facteur|multiplicateur|echelle|faktor|skala|schaal|schaling"
    r"|multiplikator|vermenigvuldiger)\b",
}
"""A heading without accents, in lower case -> what its column is; the first that fits counts."""

YES = frozenset(
    """
        yes y oui o ja j true vrai waar sant sann 1 x on wahr
    """.split()  # noqa: SIM905 - as words they can be read
)
NO = frozenset(
    """
        no n non nee nej false faux onwaar falsk falskt 0 off nein never jamais nooit aldrig
    """.split()  # noqa: SIM905 - as words they can be read
)
LIVE = frozenset(
    """
        active actif active activee aktiv aktivt aktiverad actief enabled open ouvert ouverte oppen valid valide
        giltig giltigt geldig live ok issued emis emise utfardad uitgegeven activated normal published publie
    """.split()  # noqa: SIM905 - as words they can be read
)
DEAD = frozenset(
    """
        expired expire expiree utgangen utganget verlopen vervallen void voided cancelled canceled annule annulee
        annullerad annullerat makulerad geannuleerd inactive inactif inaktiv inaktivt inactief disabled desactive
        desactivee inaktiverad avaktiverad uitgeschakeld blocked bloque bloquee sparrad sparrat geblokkeerd
        deleted supprime supprimee raderad borttagen verwijderd closed ferme fermee stangd gesloten stopped
        frozen gele fryst suspended suspendu lost perdu forlorad stolen vole stulen gestolen redeemed used
        utilise utilisee anvand inlost gebruikt ingewisseld archived archive arkiverad gearchiveerd refunded
        rembourse refused fraud
    """.split()  # noqa: SIM905 - as words they can be read
)
PIECES = frozenset(
    """
        piece pieces pc pcs st styck stk stuk stuks ea each unit units unite unites u pce pces enhet eenheid 1
        item
    """.split()  # noqa: SIM905 - as words they can be read
)
MANY = frozenset(
    {"thousand", "thousands", "in thousands", "x 1000", "x1000", "1000 x", "1000x", "million", "millions"}
    | {"millier", "milliers", "en milliers", "tusen", "tusental", "i tusental", "tkr", "ksek", "tsek", "keur", "teur"}
    | {"duizend", "duizendtal", "duizendtallen", "in duizenden", "cents", "centimes", "centen", "ore"}
)
"""Words of a cell, without accents, in lower case."""
