"""What the codes of rejected loyalty failures say in French, Dutch and Swedish; part of ``schemas.wordings``.

Not the codes of answers of the API: these have English headings.
"""

_TIME_FR, _TIME_NL, _TIME_SV = (
    "écrivez-le comme 2026-11-20 17:45",
    "schrijf het als 2026-11-20 17:45",
    "skriv det som 2026-11-20 17:45",
)

LOYALTY_FRENCH: dict[str, tuple[str, str]] = {
    "LOYALTY_TIME": ("pas un jour et une heure", _TIME_FR),
    "LOYALTY_TIME_AMBIGUOUS": ("peut être deux jours", _TIME_FR),
    "LOYALTY_TIME_SKIPPED": ("l'heure d'été commençait, cette heure n'a pas existé", "corrigez l'heure"),
    "LOYALTY_TIME_AHEAD": ("après le jour du passage", "corrigez le jour"),
    "LOYALTY_UPC": ("pas le code d'un article", "écrivez ses 6 à 14 chiffres comme texte, avec les zéros du début"),
    "LOYALTY_QUANTITY": ("pas une quantité", "écrivez-la comme 1 ou 0.5"),
    "LOYALTY_NOBODY": ("ni nom ni numéro du client", "donnez l'un des deux"),
    "LOYALTY_KEY_UNKNOWN": ("aucun de nos échecs", "laissez la colonne failure_key comme elle était"),
    "LOYALTY_DECISION": (
        "pas une décision",
        "écrivez masquer, fait, ajouté à la main, inscrit, exception ajoutée ou faux",
    ),
    "LOYALTY_DECISION_TWICE": ("décidé deux fois, différemment", "gardez la seule bonne ligne"),
}
LOYALTY_DUTCH: dict[str, tuple[str, str]] = {
    "LOYALTY_TIME": ("geen dag en tijd", _TIME_NL),
    "LOYALTY_TIME_AMBIGUOUS": ("kunnen twee dagen zijn", _TIME_NL),
    "LOYALTY_TIME_SKIPPED": ("de klok ging vooruit, die tijd was er niet", "verbeter de tijd"),
    "LOYALTY_TIME_AHEAD": ("na de dag van de controle", "verbeter de dag"),
    "LOYALTY_UPC": ("geen artikelcode", "schrijf de 6 tot 14 cijfers als tekst, met de nullen vooraan"),
    "LOYALTY_QUANTITY": ("geen aantal", "schrijf het als 1 of 0.5"),
    "LOYALTY_NOBODY": ("naam noch nummer van de klant", "geef een van beide"),
    "LOYALTY_KEY_UNKNOWN": ("geen van onze fouten", "laat de kolom failure_key zoals ze was"),
    "LOYALTY_DECISION": (
        "geen beslissing",
        "schrijf verbergen, gedaan, met de hand toegevoegd, ingeschreven, uitzondering toegevoegd of fout",
    ),
    "LOYALTY_DECISION_TWICE": ("twee keer beslist, verschillend", "bewaar de ene juiste rij"),
}
LOYALTY_SWEDISH: dict[str, tuple[str, str]] = {
    "LOYALTY_TIME": ("ingen dag och tid", _TIME_SV),
    "LOYALTY_TIME_AMBIGUOUS": ("kan vara två dagar", _TIME_SV),
    "LOYALTY_TIME_SKIPPED": ("klockan ställdes fram, den tiden fanns inte", "rätta tiden"),
    "LOYALTY_TIME_AHEAD": ("efter dagen för genomgången", "rätta dagen"),
    "LOYALTY_UPC": ("ingen artikelkod", "skriv dess 6 till 14 siffror som text, med nollorna först"),
    "LOYALTY_QUANTITY": ("inget antal", "skriv det som 1 eller 0.5"),
    "LOYALTY_NOBODY": ("varken kundens namn eller nummer", "ange ett av dem"),
    "LOYALTY_KEY_UNKNOWN": ("inget av våra fel", "lämna kolumnen failure_key som den var"),
    "LOYALTY_DECISION": ("inget beslut", "skriv dölj, gjort, tillagt för hand, anslutet, undantag tillagt eller fel"),
    "LOYALTY_DECISION_TWICE": ("avgjord två gånger, olika", "behåll den enda rätta raden"),
}
