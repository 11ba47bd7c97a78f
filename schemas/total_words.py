"""Words by which a row says that it is a sum of others, in lower case."""

_WORDS = {
    "en": "total, totals, grand total, overall total, sum, subtotal, sub-total, sub total, subtotals, running total",
    "fr": "total, totaux, total général, somme, sous-total, sous total, sous-totaux, montant total",
    "nl": "totaal, totalen, eindtotaal, algemeen totaal, subtotaal, sub-totaal, tussentotaal, som",
    "sv": "summa, totalt, totalsumma, slutsumma, summa totalt, delsumma, del-summa, delsummor",
    "da, nb": "i alt, ialt, sum, samlet, delsum, totalsum",
    "de": "summe, gesamt, gesamtsumme, insgesamt, zwischensumme, teilsumme",
    "fi": "yhteensä, välisumma",
    "es, it, pt": "suma, suma total, somma, soma, totale, totale generale, total general, total geral, subtotale",
}
TOTAL_WORDS = frozenset(word for words in _WORDS.values() for word in words.split(", "))
