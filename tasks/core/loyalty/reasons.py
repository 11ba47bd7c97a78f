"""What the wording of a reason comes to. Astro's words, as seen on its screen in English and French, and its codes.

Words that nobody has told us come to *other*: such a failure is looked at by hand, and not guessed at.
"""

from collections.abc import Mapping

import polars as pl

from schemas.loyalty.records import ReasonCode, Section

_EMAIL_OR_ADDRESS = r"e-?mail|courriel|mailing address|home address|postal|adresse|address"
_CUSTOMER = r"customer (?:was )?not found|no such customer|client introuvable"

WORDINGS: Mapping[Section, tuple[tuple[str, ReasonCode], ...]] = {
    "redemption": (
        (_CUSTOMER, "customer_not_found"),
        (_EMAIL_OR_ADDRESS, "contact_missing"),
        (
            r"not (?:free[ -])?eligible|not qualify|ineligible|non éligible|ne se qualifie pas|no item",
            "item_not_eligible",
        ),
        (r"incomplete|incomplète|not redeemed|redemption failed|not found under reward", "not_redeemed"),
    ),
    "transaction": (
        (_CUSTOMER, "customer_not_found"),
        (r"no items? found|item not found|aucun article trouvé|not eligible", "no_items_found"),
        (r"transaction ?id (?:already exists|already|existe déjà|déjà)|already exists", "transaction_exists"),
    ),
}
"""The first pattern that a folded reason holds decides."""

CODES: Mapping[Section, Mapping[str, ReasonCode]] = {
    "redemption": {"310": "customer_not_found", "700": "item_not_eligible"},
    "transaction": {"310": "customer_not_found", "700": "no_items_found"},
}
"""What Astro's numbers mean where its words say nothing (contracts/astro.md 5.1)."""

_CODE = r"\((?:code )?([0-9]{3})\)$"


def folded(reason: pl.Expr) -> pl.Expr:
    """Make reasons equal that differ in case and blanks only."""
    return reason.str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars(" .")


def reason_code(section: Section, reason: pl.Expr) -> pl.Expr:
    """Return the ReasonCode of a reason: by its words, else by the number in brackets at its end."""
    words = folded(reason)
    by_words = pl.coalesce(
        pl.when(words.str.contains(pattern)).then(pl.lit(code)) for pattern, code in WORDINGS[section]
    )
    number = words.str.extract(_CODE)
    by_number = number.replace_strict(CODES[section], default=None, return_dtype=pl.String)
    return pl.coalesce(by_words, by_number, pl.lit("other"))
