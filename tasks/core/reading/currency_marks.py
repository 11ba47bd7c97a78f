"""Which texts beside a number name a currency, and which currency each of them may mean."""

from collections.abc import Mapping

_DOLLARS = ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN")
_CROWNS = ("SEK", "NOK", "DKK", "ISK")
_MARKS: Mapping[str, tuple[str, ...]] = {
    "€": ("EUR",),
    "euro": ("EUR",),
    "euros": ("EUR",),
    "$": _DOLLARS,
    "us$": ("USD",),
    "ca$": ("CAD",),
    "£": ("GBP",),
    "¥": ("JPY", "CNY"),
    "kr": _CROWNS,
    ":-": _CROWNS,
    "fr": ("CHF",),
    "zł": ("PLN",),
    "kč": ("CZK",),
    "ft": ("HUF",),
    "lei": ("RON",),
    "₺": ("TRY",),
    "₹": ("INR",),
    "₽": ("RUB",),
}
CODE_LETTERS = 3
_CODES = (
    "AED AUD BAM BGN BRL CAD CHF CNY CZK DKK EGP EUR GBP GEL HKD HRK HUF IDR ILS INR ISK JPY KRW KWD MAD MDL MKD MXN "
    "MYR NOK NZD PHP PLN RON RSD RUB SAR SEK SGD THB TND TRY TWD UAH USD VND ZAR"
)


def is_currency(text: str) -> bool:
    """Say whether a text names a currency, as a sign, a code or a word."""
    folded = _fold(text)
    return folded in _MARKS or (len(folded) == CODE_LETTERS and folded.upper() in _CODES)


def may_mean(text: str, currency: str) -> bool:
    """Say whether a mark can stand for this currency."""
    folded = _fold(text)
    return folded.upper() == currency or currency in _MARKS.get(folded, ())


def _fold(text: str) -> str:
    return text.strip().casefold().removesuffix(".")
