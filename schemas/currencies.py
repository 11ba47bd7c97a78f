"""How many digits a currency's minor unit has: 2 for EUR, 0 for JPY, 3 for TND (CLDR, through babel)."""

from babel.numbers import get_currency_precision


def minor_digits(currency: str) -> int:
    """Return the number of decimals in which amounts of *currency* are written."""
    return int(get_currency_precision(currency))
