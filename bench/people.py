"""Seeded people: no two of the same name and date of birth, address or telephone number, as a register holds them."""

import polars as pl

_FIRST = (
    "Aïcha|Adèle|Agnès|Åsa|Benoît|Björn|Bérénice|Camille|Cécile|Chloé|Clément|Daniël|David|Elin|Élodie|Émile|Eva|"
    "Fatima|Félix|Françoise|Frédéric|Gaël|Göran|Hélène|Hugo|Inès|Jérôme|Joëlle|Karim|Lars|Léa|Loïc|Maëlle|Märta|"
    "Mehdi|Michèle|Nadia|Noël|Océane|Olivier|Örjan|Pascal|Quentin|Raphaël|Renée|Sanne|Sébastien|Théo"
)
_LAST = (
    "Andersson|Bernard|Blanchard|Bonnet|Boyer|Brunet|Caron|Chevalier|Clément|Colin|Dässler|David|Delattre|"
    "Deschamps|Dubois|Duchêne|Dufour|Dumont|Dupont|Durand|Écochard|Fabre|Faure|Fontaine|Fournier|François|Garçon|"
    "Garnier|Gauthier|Gérard|Girard|Gonçalves|Guérin|Hämäläinen|Henry|Huet|Jäger|Janssens|Joly|Köhler|Lacroix|"
    "Lambert|Laurent|Leclercq|Lefèvre|Legrand|Lemaître|Léonard|Leroux|Lévêque|Lindström|Lucas|Maes|Marchand|"
    "Martinez|Masson|Mercier|Meunier|Michaud|Moreau|Morel|Müller|Muñoz|Nguyễn|Nicolas|Noël|Öberg|Olivier|Pérez|"
    "Perrin|Petit|Peeters|Picard|Pîrvu|Rey|Richard|Rivière|Robert|Roche|Rousseau|Roux|Roÿ|Sánchez|Schäfer|Simon|"
    "Sjögren|Söderberg|Thévenot|Thomas|Vandenbroucke|Vermeulen|Vidal|Vasseur|Wagner|Weber|Willems|Yılmaz|"
    "Zimmermann|Ångström"
)
_STREETS = (
    "Rue de l'Église|Avenue Général Leclerc|Rue Saint-André|Boulevard Voltaire|Chaussée d'Anvers|Place du Marché|"
    "Kungsgatan|Drottninggatan|Hauptstraße|Bahnhofstraße|Prinsengracht|Kerkstraat|Impasse des Acacias|"
    "Quai de Saône"
)
_DOMAINS = "gmail.com|orange.fr|hotmail.fr|free.fr|laposte.net|outlook.com|telenet.be|ziggo.nl|telia.com|web.de"
_GROUPS = "|Newsletter|Newsletter, Abonnés|Fidélité||"
_COMPANIES = "Boulangerie|Librairie|Café|Garage"
COLUMNS = (
    "customer_id",
    "registered",
    "language",
    "first_name",
    "name_prefix",
    "last_name",
    "email",
    "phone",
    "mobile",
    "customer_type",
    "company",
    "street",
    "house_number",
    "house_extension",
    "postcode",
    "city",
    "country",
    "shipping_street",
    "shipping_house_number",
    "shipping_postcode",
    "shipping_city",
    "shipping_country",
    "groups",
    "born_on",
    "gender",
)
_COUNTRIES = pl.DataFrame(
    {
        "country": ["FR", "BE", "NL", "SE", "DE"],
        "share": [70, 10, 8, 6, 6],
        "language": ["fr", "fr", "nl", "sv", "de"],
        "mobile_code": ["+3361", "+3247", "+3162", "+4670", "+491512"],
        "phone_code": ["+3314", "+3248", "+3120", "+468", "+4930"],
        "city": ["Saint-Étienne", "Liège", "'s-Hertogenbosch", "Malmö", "Köln"],
    }
)
"""The share is in percent."""

_I = pl.col("i")


def people(first: int, count: int) -> pl.DataFrame:
    """Return *count* customers from the one numbered *first*, all text but ``customer_id``."""
    numbered = pl.select(i=pl.int_range(first, first + count, dtype=pl.Int64)).with_columns(place=_I * 37 % 100)
    places = _COUNTRIES.select(pl.all().repeat_by("share").explode()).with_row_index("place").cast({"place": pl.Int64})
    placed = numbered.join(places, on="place", how="left", maintain_order="left")
    return placed.with_columns(**_names(), **_numbers()).with_columns(**_addresses()).select(COLUMNS)


def _names() -> dict[str, pl.Expr]:
    """Name each by their number: names repeat after 4,000 people, with another date of birth."""
    names = _count(_FIRST) * _count(_LAST)
    return {
        "customer_id": _I + 1,
        "first_name": _one_of(_FIRST, _I),
        "last_name": _one_of(_LAST, _I // _count(_FIRST)),
        "name_prefix": _where(_I % 13 == 5, pl.lit("de")),
        "gender": _one_of("female|male|", _I // 7),
        "born_on": _where(_I % 4 != 3, _day(_I // names * 7 + _I * 11, "1935-01-01", 25_000)),
        "registered": _day(_I * 3, "2012-03-01", 5_000) + pl.lit(" 12:30:00"),
        "groups": _one_of(_GROUPS, _I // 3),
        "customer_type": pl.when(_I % 20 == 3).then(pl.lit("company")).otherwise(pl.lit("private")),
    }


def _numbers() -> dict[str, pl.Expr]:
    digits = (_I * 6_180_339 % 10**7).cast(pl.String).str.zfill(7)
    five = (_I * 61_803 % 89_000 + 10_000).cast(pl.String)
    dutch, swedish = five.str.head(4) + " AB", five.str.head(3) + " " + five.str.tail(2)
    country = pl.col("country")
    return {
        "mobile": _where(_I % 5 != 0, pl.col("mobile_code") + digits),
        "phone": _where(_I % 5 < 3, pl.col("phone_code") + digits),
        "house_number": (_I % 199 + 1).cast(pl.String),
        "house_extension": _where(_I % 17 == 2, pl.lit("bis")),
        "street": _one_of(_STREETS, _I // 5),
        "postcode": pl.when(country == "NL")
        .then(dutch)
        .when(country == "SE")
        .then(swedish)
        .when(country == "BE")
        .then(five.str.head(4))
        .otherwise(five),
    }


def _addresses() -> dict[str, pl.Expr]:
    """Say what follows from the rest; one in ten has their parcels sent elsewhere."""
    plain = pl.concat_str("first_name", "last_name", separator=".").str.to_lowercase()
    ascii_only = plain.str.normalize("NFKD").str.replace_all(r"[^a-z.]", "")
    elsewhere = _I % 10 == 9
    company = pl.concat_str(_one_of(_COMPANIES, _I // 20), pl.lit(" "), "last_name")
    return {
        "email": pl.format("{}{}@{}", ascii_only, _I, _one_of(_DOMAINS, _I // 2)),
        "company": _where(pl.col("customer_type") == "company", company),
        "shipping_street": _where(elsewhere, _one_of(_STREETS, _I)),
        "shipping_house_number": _where(elsewhere, (_I % 83 + 1).cast(pl.String)),
        "shipping_postcode": _where(elsewhere, pl.col("postcode")),
        "shipping_city": _where(elsewhere, pl.col("city")),
        "shipping_country": _where(elsewhere, pl.col("country")),
    }


def _one_of(words: str, number: pl.Expr) -> pl.Expr:
    return pl.lit(pl.Series(words.split("|"))).gather(number % _count(words))


def _count(words: str) -> int:
    return words.count("|") + 1


def _where(condition: pl.Expr, text: pl.Expr) -> pl.Expr:
    return pl.when(condition).then(text).otherwise(pl.lit(""))


def _day(number: pl.Expr, first: str, days: int) -> pl.Expr:
    return (pl.lit(first).str.to_date() + pl.duration(days=number % days)).cast(pl.String)
