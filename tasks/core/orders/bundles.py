"""Which lines of an order move stock, where a bundle and what is in it both stand among the lines.

A line says of itself that it is in a bundle, or that it is one: in fields of the answer, or in metadata under keys of
the plugin that sells bundles:

| Plugin | in a bundle | the bundle | |
| --- | --- | --- | --- |
| WooCommerce Product Bundles | ``bundled_by`` | ``bundled_items``, ``_bundle_group_mode`` | H |
| WooCommerce Composite Products | ``composite_parent`` | ``composite_children`` | H |
| YITH Product Bundles | ``_bundled_by`` | ``_cartstamp``, ``_yith_bundle_cart_key`` | H |
| WPC Product Bundles | ``_woosb_parent_id`` | ``_woosb_ids`` | H |
| WPC Composite Products | ``wooco_parent_id`` | ``wooco_ids`` | H |
| Easy Product Bundles | ``_asnp_wepb_parent_id`` | ``_asnp_wepb_items`` | M |
| Mix and Match Products | ``_mnm_container`` | ``_mnm_config`` | M |

H: read in the plugin's source. M: in code of others that reads its orders. Fields are also metadata, with ``_`` before.
Chained Products (``_chained_product_of``), Force Sells and bundle-sells (``_bundle_sell_of``) are none of these: the
main product is goods itself, and so is what comes with it.
"""

from collections.abc import Sequence

import polars as pl

from tasks.core.orders.rules import Bundles

_CHILD_FIELDS = ("bundled_by", "composite_parent")
_PARENT_FIELDS = ("bundled_items", "composite_children")
_CHILD = (
    *("_bundled_by", "_composite_parent", "_woosb_parent_id", "_mnm_container"),
    *("wooco_parent_id", "_wooco_parent_id", "_asnp_wepb_parent_id"),
)
_PARENT = (
    *("_bundled_items", "_bundle_group_mode", "_composite_children", "_woosb_ids", "_mnm_config"),
    *("wooco_ids", "_wooco_ids", "_asnp_wepb_items", "_yith_bundle_cart_key"),
)
_STAMP = ("_cartstamp",)
"""What some plugins write to the bundle alone, and others also to what is in it."""


def with_moves(lines: pl.DataFrame, bundles: Bundles) -> tuple[pl.DataFrame, int]:
    """Put ``moves`` beside *lines* of goods (``line``, the fields above, ``meta_data``), and count the orders of which
    a line is in a bundle and none is one: there nobody knows which lines are the goods.

    A bundle of which the order has no parts is goods itself.
    """
    marked = lines.with_columns(child=_linked(_CHILD_FIELDS) | _has_meta(_CHILD))
    parent = _listed(_PARENT_FIELDS) | _has_meta(_PARENT) | (_has_meta(_STAMP) & ~pl.col("child"))
    both = marked.with_columns(parent=parent & pl.col("child").any().over("line"))
    moves = {"both": pl.lit(True), "parents": ~pl.col("child"), "children": ~pl.col("parent")}[bundles]
    orphaned = both.filter(pl.col("child").any().over("line"), ~pl.col("parent").any().over("line"))
    return both.with_columns(moves=moves).drop("child", "parent"), orphaned["line"].n_unique()


def _linked(fields: Sequence[str]) -> pl.Expr:
    return pl.any_horizontal([pl.col(name).fill_null("").is_in(["", "0"]).not_() for name in fields])


def _listed(fields: Sequence[str]) -> pl.Expr:
    return pl.any_horizontal([pl.col(name).list.len().fill_null(0) > 0 for name in fields])


def _has_meta(keys: Sequence[str]) -> pl.Expr:
    found = pl.col("meta_data").list.eval(pl.element().struct.field("key").is_in(keys)).list.any()
    return found.fill_null(False)
