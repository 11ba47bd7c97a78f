"""Orders that come back in a rejects file: which of them nobody has corrected, and which were dropped on purpose."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from schemas.catalogue import CATALOGUE
from schemas.rejects import REFERENCE_PATTERN
from schemas.tables import FINDINGS_SCHEMA, Dropped
from tasks.core.orders.objects import ERROR, REFERENCE, parsed
from tasks.core.orders.parsed_orders import ParsedOrders
from tasks.core.rejects.returned_rows import DROPPED, TO_DROP

_TWICE = frozenset({"ORDER_TWICE"})


@dataclass(frozen=True, kw_only=True)
class Rejected:
    """Orders of earlier rejects files, by their reference: as they stood, and with which codes they were rejected."""

    orders: Mapping[str, Any]
    codes: Mapping[str, frozenset[str]]


def orders_by_reference(content: bytes) -> dict[str, Any]:
    """Return the orders of a rejects file, without the error and the reference of ours."""
    return {str(order[REFERENCE]): _bare(order) for order in parsed(content) if _is_marked(order)}


def _is_marked(order: object) -> bool:
    return isinstance(order, Mapping) and REFERENCE in order


def _bare(order: Mapping[str, Any]) -> Any:
    return {name: value for name, value in order.items() if name not in (ERROR, REFERENCE)}


def references_in(pages: Sequence[bytes]) -> list[str]:
    """Return the references of the orders that bear one."""
    return [str(order[REFERENCE]) for page in pages for order in parsed(page) if _is_marked(order)]


def judge_returned_orders(
    parsed_orders: ParsedOrders, pages: Sequence[bytes], rejected: Rejected
) -> tuple[ParsedOrders, tuple[Dropped, ...]]:
    """Name those of *parsed_orders* on *pages* that must not go in, and leave out those dropped on purpose."""
    marked = list(_marked(parsed_orders, pages))
    dropped = tuple(
        Dropped(line=line, reference=str(order[REFERENCE]), reason=match.group(1))
        for line, order in marked
        if str(order[REFERENCE]) in rejected.orders and (match := re.match(DROPPED, str(order.get(ERROR) or "")))
    )
    out = {row.line for row in dropped}
    found = [(line, *_judged(order, rejected)) for line, order in marked if line not in out]
    rows = [(line, "", value, code, detail) for line, code, value, detail in found if code]
    findings = pl.DataFrame(rows, schema=FINDINGS_SCHEMA, orient="row")
    return _without(replace(parsed_orders, findings=pl.concat([parsed_orders.findings, findings])), out), dropped


def _marked(parsed_orders: ParsedOrders, pages: Sequence[bytes]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    places = parsed_orders.places.filter(pl.col("reference") != "").select("page", "at", "line")
    for (number,), some in places.group_by("page", maintain_order=True):
        orders = parsed(pages[int(str(number))])
        yield from ((line, orders[at]) for at, line in some.select("at", "line").iter_rows())


def _judged(order: Mapping[str, Any], rejected: Rejected) -> tuple[str, str, str]:
    """Return code, value and detail of what must be said of an order that came back; nothing where it was corrected."""
    reference = str(order[REFERENCE])
    if not re.match(REFERENCE_PATTERN, reference) or reference not in rejected.orders:
        return "FILE_ROW_REFERENCE", reference, ""
    unchanged = _bare(order) == rejected.orders[reference] and not rejected.codes[reference] <= _TWICE
    if not unchanged and not re.match(TO_DROP, str(order.get(ERROR) or "")):
        return "", "", ""
    first = sorted(rejected.codes[reference] - {"FILE_ROW_UNCHANGED"})
    return "FILE_ROW_UNCHANGED", "", "; ".join(CATALOGUE[code].says for code in first)


def _without(parsed_orders: ParsedOrders, lines: set[int]) -> ParsedOrders:
    """Leave orders out, with all that hangs on them."""
    if not lines:
        return parsed_orders
    frames = {name: getattr(parsed_orders, name) for name in ("orders", "lines", "refunds", "refund_lines", "places")}
    left = pl.Series(sorted(lines), dtype=pl.UInt32).implode()
    return replace(parsed_orders, **{name: frame.filter(~pl.col("line").is_in(left)) for name, frame in frames.items()})
