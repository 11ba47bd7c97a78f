"""Names of a shop as people read them: a shop keeps them as HTML, with entities and sometimes tags."""

import re
from html import unescape

import polars as pl

_BREAK = re.compile(r"</?(?:br|p|div|li|ul|ol|tr|td|th|hr|h[1-6])\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<(?:/?[A-Za-z][^<>]*|!--.*?--)>", re.DOTALL)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_HIDDEN = re.compile(r"<(script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_BLANKS = re.compile(r"[\x00-\x1f\x7f\s]+")
_MOST_LAYERS = 3
"""How often an entity may be written as entities: ``&amp;#8211;`` is a dash that was escaped twice."""


def shown(name: pl.Expr) -> pl.Expr:
    """Return each *name* without tags and entities."""
    return name.map_batches(_shown, return_dtype=pl.String, is_elementwise=True)


def plain_text(html: str) -> str:
    """Return what a page would show of *html*, on one line."""
    text = html
    for _ in range(_MOST_LAYERS):
        bare = _TAG.sub("", _BREAK.sub(" ", _HIDDEN.sub(" ", text)))
        without = _ENTITY.sub(lambda match: unescape(match[0]), bare)
        if without == text:
            break
        text = without
    return _BLANKS.sub(" ", text).strip()


def _shown(names: pl.Series) -> pl.Series:
    marked = names.str.contains("[<&]").fill_null(False)
    if not marked.any():
        return names
    distinct = names.filter(marked).unique()
    return names.replace(distinct, pl.Series([plain_text(name) for name in distinct], dtype=pl.String))
