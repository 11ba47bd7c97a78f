"""JSON as a shop answers it, to a frame of text: the fields we name, whatever else stands beside them.

Fast where the answer is as it should be; where it is not, object by object, so that one odd order costs no other.
What the text means does not belong here.
"""

import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import polars as pl
from polars.exceptions import ComputeError

from schemas.problems import FileNeedsFixing
from tasks.core.orders.decimals import spelled_out
from tasks.core.reading.half_characters import whole_characters

_AMOUNTS = {"id": pl.String, "total": pl.String, "total_tax": pl.String}
_META = pl.List(pl.Struct({"key": pl.String, "value": pl.String}))
_ITEM = pl.List(
    pl.Struct(
        {
            **_AMOUNTS,
            "name": pl.String,
            "product_id": pl.String,
            "variation_id": pl.String,
            "quantity": pl.String,
            "sku": pl.String,
            "bundled_by": pl.String,
            "bundled_items": pl.List(pl.String),
            "composite_parent": pl.String,
            "composite_children": pl.List(pl.String),
            "meta_data": _META,
        }
    )
)
_SHIPPING = pl.List(pl.Struct({**_AMOUNTS, "method_title": pl.String}))
_FEE = pl.List(pl.Struct({**_AMOUNTS, "name": pl.String}))
_PAID = pl.List(pl.Struct({"amount": pl.String}))
_Shape = pl.DataType | type[pl.DataType]
_ALL_LINES: dict[str, _Shape] = {"line_items": _ITEM, "shipping_lines": _SHIPPING, "fee_lines": _FEE}
_REFUND: dict[str, _Shape] = {
    "id": pl.String,
    "date_created_gmt": pl.String,
    "amount": pl.String,
    "total": pl.String,
    **_ALL_LINES,
}

_NO_JSON = "This is not JSON as a web shop writes it. Export the orders again."
_LONGEST_NUMBER = 18
"""Characters of a number that is written back as one; more of them may be more than a computer counts."""

ERROR, REFERENCE = "Counterfoil error", "Counterfoil row"
"""The two fields of an order in a rejects file of ours."""

ORDER_SHAPE = pl.Schema(
    {
        "id": pl.String,
        "number": pl.String,
        "status": pl.String,
        "currency": pl.String,
        "date_created": pl.String,
        "date_created_gmt": pl.String,
        "date_paid": pl.String,
        "date_paid_gmt": pl.String,
        "date_modified": pl.String,
        "date_modified_gmt": pl.String,
        "total": pl.String,
        "total_tax": pl.String,
        "billing": pl.Struct({"email": pl.String}),
        "payment_method": pl.String,
        "payment_method_title": pl.String,
        **_ALL_LINES,
        "refunds": pl.List(pl.Struct(_REFUND)),
        "gift_cards": _PAID,
        "pw_gift_card_lines": _PAID,
        REFERENCE: pl.String,
    }
)
REFUND_SHAPE = pl.Schema(_REFUND)


def read_pages(pages: Sequence[bytes], shape: pl.Schema) -> pl.DataFrame:
    """Return the objects of *pages*, each a JSON list, one after another, in *shape*; what is not there is null.

    Beside them stands ``page`` and ``at``: where each is, counted from 0.

    Raises:
        FileNeedsFixing: A page is not a JSON list.
    """
    placed = [_read(page, shape).with_row_index("at") for page in pages]
    numbered = [each.with_columns(page=pl.lit(number, pl.UInt32)) for number, each in enumerate(placed)]
    return pl.concat([pl.DataFrame(schema={"at": pl.UInt32, **shape, "page": pl.UInt32}), *numbered])


def read_by_order(pages: Sequence[bytes], shape: pl.Schema) -> pl.DataFrame:
    """Return the objects of *pages* that are lists, or objects of lists by the order they belong to."""
    return _one_by_one([each for page in pages for each in _all_of(_loaded(page))], shape)


def _all_of(page: Any) -> Iterable[Any]:
    return (each for some in page.values() for each in some) if _is_object(page) else page


def _read(content: bytes, shape: pl.Schema) -> pl.DataFrame:
    page = whole_characters(content)
    if page.lstrip()[:1] == b"[":
        for read in (_at_once, _but_metadata):
            try:
                return read(page, shape)
            except ComputeError:  # some value is not of the type it should have
                continue
    return _one_by_one(parsed(page), shape)


def _at_once(page: bytes, shape: pl.Schema) -> pl.DataFrame:
    return pl.read_json(io.BytesIO(page), schema=shape)


def _but_metadata(page: bytes, shape: pl.Schema) -> pl.DataFrame:
    """Leave out the values of metadata, which plugins fill with anything; only orders with refunds need them."""
    keyed = _at_once(page, pl.Schema({name: _valueless(dtype) for name, dtype in shape.items()})).cast(shape)
    if "refunds" not in shape or not (refunded := (keyed["refunds"].list.len() > 0).fill_null(False)).any():
        return keyed
    objects = parsed(page)
    whole = _one_by_one([objects[at] for at in refunded.arg_true()], shape)
    places = pl.concat([(~refunded).arg_true(), refunded.arg_true()])
    return pl.concat([keyed.filter(~refunded), whole])[places.arg_sort()]


def _valueless(shape: Any) -> Any:
    """Return a type without the values of metadata in it."""
    if isinstance(shape, pl.List):
        inner = pl.Struct({"key": pl.String}) if shape == _META else _valueless(shape.inner)
        return pl.List(inner)
    if isinstance(shape, pl.Struct):
        return pl.Struct({each.name: _valueless(each.dtype) for each in shape.fields})
    return shape


def _one_by_one(objects: Iterable[Any], shape: pl.Schema) -> pl.DataFrame:
    rows = [_fitted(each, pl.Struct(shape)) or {} for each in objects]
    return pl.DataFrame(rows, schema=shape, orient="row")


def parsed(page: bytes) -> list[Any]:
    """Return the objects of one page as they stand, numbers as text, with all their digits.

    Raises:
        FileNeedsFixing: It is not a JSON list.
    """
    objects = _loaded(page)
    if not isinstance(objects, list):
        raise FileNeedsFixing("This JSON holds no list of orders: it must begin with [. Export the orders again.")
    return objects


def as_they_stand(page: bytes) -> list[Any]:
    """Return the objects of one page to be written again: half a character stays, and so does every digit.

    Raises:
        FileNeedsFixing: It is nested more deeply than we can write.
    """
    return list(_decoded(page.decode("utf-8-sig", errors="surrogatepass"), _integer, _decimal))


def _loaded(page: bytes) -> Any:
    try:
        text = whole_characters(page).decode("utf-8-sig")
    except ValueError:
        raise FileNeedsFixing(_NO_JSON) from None
    return _decoded(text, str, spelled_out)


def _decoded(text: str, integer: Callable[[str], Any], decimal: Callable[[str], Any]) -> Any:
    try:
        return json.loads(text, parse_int=integer, parse_float=decimal, parse_constant=str)
    except (ValueError, RecursionError):
        raise FileNeedsFixing(_NO_JSON) from None


def _integer(text: str) -> int | str:
    return int(text) if len(text) < _LONGEST_NUMBER else text


def _decimal(text: str) -> float | str:
    """Return a number that is written again as it stood, else its text: 12.00 is not to come back as 12.0."""
    number = float(text)
    return number if repr(number) == text else text


def _fitted(value: Any, shape: Any) -> Any:
    """Make *value* fit, or null. A list that PHP wrote as an object, for its numbers had gaps, is a list."""
    if isinstance(shape, pl.Struct):
        return {f.name: _fitted(value.get(f.name), f.dtype) for f in shape.fields} if _is_object(value) else None
    if isinstance(shape, pl.List):
        inner = list(value.values()) if _is_object(value) else value
        return [_fitted(each, shape.inner) for each in inner] if isinstance(inner, list) else None
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, sort_keys=True)


def _is_object(value: Any) -> bool:
    return isinstance(value, Mapping)
