"""Statuses of orders as shops and their export plugins write them, to the shop's own word for each.

A shop's interface says ``on-hold``, the database ``wc-on-hold``, and a plugin the label that people see, in the
language of the shop. Labels are those of WooCommerce's translations, older ones too; to the till it is one whether an
order waits for a payment or was put on hold.
"""

from collections.abc import Mapping

import polars as pl

_LABELS: Mapping[str, tuple[str, ...]] = {
    "completed": (
        *("complete", "terminée", "terminé", "terminee", "termine", "achevée", "complétée"),
        *("afgerond", "voltooid", "slutförd", "färdigbehandlad", "genomförd", "klar"),
    ),
    "processing": (
        *("en-cours", "en-cours-de-traitement", "en-traitement", "in-behandeling", "verwerken", "wordt-verwerkt"),
        *("behandlas", "bearbetas", "under-behandling"),
    ),
    "on-hold": (
        *("onhold", "en-attente", "in-de-wacht", "in-afwachting", "in-wacht", "on-hold-status"),
        *("pausad", "parkerad", "väntande", "avvaktande"),
    ),
    "pending": (
        *(
            "pending-payment",
            "attente-paiement",
            "en-attente-de-paiement",
            "en-attente-paiement",
            "attente-de-paiement",
        ),
        *("wachtend-op-betaling", "wacht-op-betaling", "in-afwachting-van-betaling"),
        *("väntar-på-betalning", "inväntar-betalning", "väntande-betalning", "obetald"),
    ),
    "cancelled": ("canceled", "annulée", "annulé", "annulee", "annule", "geannuleerd", "avbruten", "annullerad"),
    "refunded": ("remboursée", "remboursé", "remboursee", "rembourse", "terugbetaald", "återbetald", "återbetalad"),
    "failed": ("échouée", "échoué", "echouee", "echoue", "échec", "mislukt", "misslyckad", "misslyckades"),
    "checkout-draft": ("draft", "brouillon", "concept", "utkast"),
    "trash": ("corbeille", "prullenbak", "papperskorg", "papperskorgen"),
}
_WORDS = {label: status for status, labels in _LABELS.items() for label in labels}


def as_key(status: pl.Expr) -> pl.Expr:
    """Return the shop's word for each *status*: ``wc-on-hold``, ``On hold`` and ``En attente`` are all on-hold."""
    lower = status.str.strip_chars().str.to_lowercase().str.strip_prefix("wc-")
    return lower.str.replace_all(r"[\s_\x{a0}-]+", "-").replace(_WORDS)


def key_of(status: str) -> str:
    """Return the shop's word for one *status*."""
    return str(pl.select(as_key(pl.lit(status))).item())
