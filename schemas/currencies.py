"""How shops write currencies, beside an amount or in a heading."""

from collections.abc import Mapping

MARKS: Mapping[str, tuple[str, ...]] = {
    "AUD": ("$", "A$", "AU$"),
    "CAD": ("$", "C$", "CA$"),
    "CHF": ("Fr.", "Fr", "SFr.", "SFr"),
    "CNY": ("¥", "￥"),
    "CZK": ("Kč", "Kc"),
    "DKK": ("kr", "kr.", "kroner", ",-", ":-"),
    "EUR": ("€", "euro", "euros"),
    "GBP": ("£", "pounds"),
    "HKD": ("$", "HK$"),
    "HUF": ("Ft",),
    "INR": ("₹",),
    "ISK": ("kr", "kr.", "krónur", ":-"),
    "JPY": ("¥", "￥"),
    "MXN": ("$", "MX$"),
    "NOK": ("kr", "kr.", "kroner", ",-", ":-"),
    "NZD": ("$", "NZ$"),
    "PLN": ("zł", "zl"),
    "RON": ("lei",),
    "RUB": ("₽",),
    "SEK": ("kr", "kr.", "kronor", ":-"),
    "SGD": ("$", "S$"),
    "TRY": ("₺",),
    "USD": ("$", "US$", "dollar", "dollars"),
}
"""How a currency is written, beside its code. Several share ``$`` and ``kr``: each means the shop's own, or another."""
