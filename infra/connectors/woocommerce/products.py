"""Products of a WooCommerce shop as a target: prices, names and stock, changed in batches of at most 100.

Texts come back cleaned: an ampersand of a name as ``&amp;``, and the description of a variation always as pages show
it, so texts are read for what they say, and such a description is never written (``pushing``). A batch takes a
variation over from another product without a word; what is not where it is said to be is not sent.

The shop cannot compare before it writes, so we look just before; each product of a batch is answered by itself,
and each answer is read. A batch without an answer is looked up, and what is not as wanted then is unknown: it may
still be on its way. The shop keeps no journal, so what became of each batch is kept beside the run's files.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import partial
from html import unescape
from itertools import groupby
from typing import Any

import polars as pl

from infra.connectors import NO_OPERATIONS, Journal, RemembersNothing
from infra.connectors.batch_reasons import BatchReasons
from infra.connectors.json_values import as_text
from infra.connectors.outcomes import decide_outcomes, expect_one_change_a_record
from infra.connectors.web_lists import PER_PAGE, Page, every_page
from infra.connectors.woocommerce.api import WooCommerce
from schemas.capabilities import Capabilities
from schemas.domain import Resource
from schemas.orders.pages import Answered
from schemas.problems import Declined, Refused, Unanswered
from schemas.records import BatchName

_EDITED = {"context": "edit"}
"""Texts as they were typed, not as pages show them; of a variation the shop shows them formatted all the same."""
_THEIRS = {"sku": "sku", "name": "name", "description": "description", "regular_price": "regular_price"}
_SEPARATOR = "/"

Change = Mapping[str, Any]


class WebProductsTarget(RemembersNothing):
    """The products and variations of one shop."""

    name = "woocommerce"
    can = Capabilities(
        operation_ids=False,
        read_back=True,
        undo=True,
        batch_rows=PER_PAGE,
        list_all=False,
        guard="look_then_write",
        unit="record",
    )

    def __init__(self, shop: WooCommerce, journal: Journal, digits: int) -> None:
        """*digits* is how many decimals prices have."""
        self._shop = shop
        self._journal = journal
        self._digits = digits
        self.reasons = BatchReasons()

    def read(self, resource: Resource, keys: pl.Series | None) -> pl.DataFrame:
        found = self._all() if keys is None else self._named(keys.drop_nulls().unique().to_list())
        schema = dict.fromkeys((resource.key, *resource.columns), pl.String)
        rows = {row[resource.key]: row for row in found}
        return pl.DataFrame(list(rows.values()), schema=schema, orient="row")

    def outcomes(self, batch: BatchName) -> pl.Series | None:
        then = self._journal.recall(batch)
        return None if then is None else pl.Series("outcome", [_settled(each) for each in then], pl.String)

    def write(self, resource: Resource, changes: pl.DataFrame, batch: BatchName) -> pl.Series:
        """Carry out one batch; a product that was not answered for is looked up, and never written twice blindly.

        Raises:
            Refused: It was asked to create or remove products.
        """
        expect_one_change_a_record(changes, resource)
        if changes.filter(pl.col("kind") != "update").height:
            raise Refused("Products of the web shop are neither created nor removed from here.")
        earlier = self.outcomes(batch)
        if earlier is not None and "unknown" not in earlier:
            return earlier
        now = self.read(resource, changes[resource.key])
        outcomes = _with_earlier(decide_outcomes(changes, now, NO_OPERATIONS, resource), earlier)
        self._journal.remember(batch, outcomes.replace("written", "unknown").to_list())  # until it is answered for
        due = changes.filter(outcomes == "written")
        answered = {key: (outcome, why) for key, outcome, why in self._carry_out(resource, due.to_dicts())}
        self.reasons.keep(batch, (why for _, why in answered.values()))
        settled = [
            answered.get(key, (outcome, ""))[0] for key, outcome in zip(changes[resource.key], outcomes, strict=True)
        ]
        self._journal.remember(batch, settled)
        return pl.Series("outcome", settled, pl.String)

    def _carry_out(self, resource: Resource, due: Sequence[Change]) -> Iterator[tuple[str, str, str]]:
        """Send what is due, by place, and say of each key what became of it, and why a batch was not answered so."""
        key = resource.key
        for place, some in groupby(sorted(due, key=lambda each: _place(each[key])), lambda each: _place(each[key])):
            changes = list(some)
            wanted = {each[key]: {c: each[f"{c}_after"] for c in resource.columns} for each in changes}
            try:
                answers = self._shop.update_batch(place, [_asked(each, resource) for each in changes])
            except Declined as no:
                yield from ((web_id, "refused", no.says) for web_id in wanted)
            except Unanswered as problem:
                found = self._looked_up(resource, wanted)
                yield from ((web_id, what, problem.says if what == "unknown" else "") for web_id, what in found)
            else:
                yield from ((web_id, what, "") for web_id, what in self._as_answered(place, answers, wanted))

    def _as_answered(
        self, place: str, answers: Sequence[Answered], wanted: Mapping[str, Change]
    ) -> Iterator[tuple[str, str]]:
        for (key, after), answer in zip(wanted.items(), answers, strict=True):
            if "error" in answer:
                yield key, "refused"
            else:
                row = self._row(answer, _parent(place))
                yield key, "written" if row == {"web_id": key, **after} else "refused"

    def _looked_up(self, resource: Resource, wanted: Mapping[str, Change]) -> Iterator[tuple[str, str]]:
        now = self.read(resource, pl.Series(list(wanted), dtype=pl.String)).rows_by_key(
            resource.key, named=True, unique=True
        )
        for key, after in wanted.items():
            yield key, "written" if now.get(key) == after else "unknown"

    def _all(self) -> Iterator[dict[str, str]]:
        for product in _each(partial(self._shop.products, _EDITED)):
            yield self._row(product, "")
            if product.get("type") == "variable":
                parent = str(product["id"])
                yield from (self._row(each, parent) for each in _each(partial(self._shop.variations, parent, _EDITED)))

    def _named(self, keys: Iterable[str]) -> Iterator[dict[str, str]]:
        for place, some in groupby(sorted(keys, key=_place), _place):
            ids = [key.rpartition(_SEPARATOR)[2] for key in some]
            parent = _parent(place)
            for start in range(0, len(ids), PER_PAGE):
                query = {**_EDITED, "include": ",".join(ids[start : start + PER_PAGE])}
                ask = partial(self._shop.variations, parent, query) if parent else partial(self._shop.products, query)
                try:
                    yield from (self._row(each, parent) for each in ask(1).items)
                except Declined as no:  # the product of these variations is gone
                    if no.status != 404:
                        raise

    def _row(self, answer: Answered, parent: str) -> dict[str, str]:
        counts = {True: "yes", "parent": "parent"}.get(answer.get("manage_stock") or False, "no")
        return {
            "web_id": f"{parent}{_SEPARATOR}{answer['id']}" if parent else str(answer["id"]),
            "type": "variation" if parent else as_text(answer.get("type")),
            "sku": as_text(answer.get("sku")),
            "name": unescape(as_text(answer.get("name"))),
            "description": (_unformatted if parent else unescape)(as_text(answer.get("description"))),
            "regular_price": written_price(as_text(answer.get("regular_price")), self._digits),
            "counts_stock": counts,
            "stock": _units(answer.get("stock_quantity")) if counts == "yes" else "",
        }


def carriers(shop: WooCommerce, skus: Sequence[str]) -> Iterator[tuple[str, str, str, str]]:
    """Yield SKU, product, variation and type of whatever has one of these *skus* of its own; none has a comma."""
    query = {"sku": ",".join(skus), "_fields": "id,type,parent_id,sku"}
    for each in _each(partial(shop.products, query)):
        own, kind = str(each["id"]), as_text(each.get("type"))
        varied = kind == "variation"
        yield as_text(each.get("sku")), str(each["parent_id"]) if varied else own, own if varied else "", kind


def written_price(text: str, digits: int) -> str:
    """Write a price one way: ``844`` and ``844.0`` are ``844.00``; more decimals than the currency has are kept."""
    try:
        price = Decimal(text)
    except InvalidOperation:
        return ""
    whole = price.quantize(Decimal(1).scaleb(-digits))
    return f"{whole:f}" if whole == price else f"{price.normalize():f}"


def _asked(change: Change, resource: Resource) -> dict[str, object]:
    """Return what the shop is asked to change: only what changes."""
    moved = [column for column in resource.columns if change[f"{column}_after"] != change[f"{column}_before"]]
    asked: dict[str, object] = {"id": int(change[resource.key].rpartition(_SEPARATOR)[2])}
    asked |= {_THEIRS[column]: change[f"{column}_after"] for column in moved if column in _THEIRS}
    return asked | ({"stock_quantity": int(change["stock_after"])} if "stock" in moved else {})


def _each(ask: Any) -> Iterator[Answered]:
    """Yield what stands on all pages."""
    pages: Iterator[Page] = every_page(ask)
    for page in pages:
        yield from page.items


def _place(key: str) -> str:
    product, variation, _ = key.partition(_SEPARATOR)
    return f"products/{product}/variations" if variation else "products"


def _parent(place: str) -> str:
    return place.split(_SEPARATOR)[1] if _SEPARATOR in place else ""


def _with_earlier(outcomes: pl.Series, earlier: pl.Series | None) -> pl.Series:
    """Let stand what an *earlier* attempt at this batch settled; what it had sent, and the shop shows now, is its own.

    What it had done may look undone by now, as people buy: sent again, it would put back what they bought.
    """
    if earlier is None:
        return outcomes
    begun = earlier == "unknown"
    mine = begun & (outcomes == "unchanged")
    return outcomes.scatter(mine.arg_true(), "done").zip_with(begun, earlier)


def _settled(outcome: str) -> str:
    return "done" if outcome == "written" else outcome


def _units(quantity: object) -> str:
    """Return whole units; a plugin's fractions are cut, for they cannot be written back."""
    return "" if quantity is None else str(int(Decimal(str(quantity))))


def _unformatted(text: str) -> str:
    """Return what a text says whose paragraphs were marked up, as far as that can be told."""
    bare = text.replace("</p>\n<p>", "\n\n").replace("<br />\n", "\n").strip()
    return unescape(bare.removeprefix("<p>").removesuffix("</p>"))
