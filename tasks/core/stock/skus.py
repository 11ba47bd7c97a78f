"""Stock-keeping units as people type them: what two writings of one SKU have in common.

A till and a web shop rarely agree on letter case, blanks and leading zeros (a spreadsheet took them away).
"""

import polars as pl


def folded(sku: pl.Expr) -> pl.Expr:
    """Return a SKU without regard to letter case and blanks."""
    return sku.str.to_lowercase().str.replace_all(r"[\s\u00a0\u200b]+", "")


def bare(sku: pl.Expr) -> pl.Expr:
    """Return a SKU without regard to leading zeros either; one of zeros only keeps one."""
    return folded(sku).str.replace(r"^0+(.)", "${1}")
