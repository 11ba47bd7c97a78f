"""Astro Loyalty as a target: purchases, rewards and owners as records, written one by one.

Astro cannot compare before it writes, so we look just before; a write without an answer is looked up at once, and
is unknown where that does not settle it. A purchase is only ever repeated under its own transaction id, which Astro
takes once. It keeps no journal, so what became of each action is kept beside the run's files, action by action: it
is what we did, and no one else, that can be undone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from infra.connectors import Journal, RemembersNothing
from infra.connectors.astro.api import NOT_FOUND, AstroApi, Reply, rows_of
from infra.connectors.json_values import as_text
from infra.connectors.outcomes import expect_one_change_a_record
from schemas.capabilities import Capabilities
from schemas.domain import Resource
from schemas.loyalty.actions import CONTACT
from schemas.problems import Declined, Refused, Unanswered
from schemas.records import BatchName
from tasks.core.loyalty.action_keys import parts_of
from tasks.core.planning.changes import AS_WANTED

BATCH_ROWS = 25
"""Actions of one batch: at two requests a second about a minute between two signs of progress."""
_RECALLED = {"written": "done", "done": "unchanged"}
"""What an entry of the journal means now; older ones say done of what was as wanted before we asked."""
_ABSENT: dict[str, Any] = {}
_SAYS = {"email": "email_address", "address": "address", "city": "city", "region": "state", "postcode": "zip"}
"""Astro's names of the contact data."""

Record = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What Astro shows of one owner; *known* is False where it has no such owner."""

    known: bool
    contact: Mapping[str, str] = field(repr=False)
    cards: tuple[dict[str, Any], ...] = field(repr=False)


class Astro(RemembersNothing):
    """The target. What is read of an owner is kept only as long as nothing is written for them."""

    name = "astro"
    can = Capabilities(
        operation_ids=False,
        read_back=True,
        undo=True,
        batch_rows=BATCH_ROWS,
        list_all=False,
        guard="look_then_write",
        unit="record",
    )

    def __init__(self, api: AstroApi, journal: Journal) -> None:
        self.api = api
        self._journal = journal
        self._seen: dict[str, Seen] = {}

    def read(self, resource: Resource, keys: pl.Series | None) -> pl.DataFrame:
        """Return the records among *keys*, looked at now.

        Raises:
            Refused: All of them are asked for; Astro lists none.
        """
        if keys is None:
            raise Refused("Astro lists no records: they are asked for one by one.")
        self._seen.clear()
        found = [{resource.key: key, **record} for key in keys.unique() if (record := self._record(key))]
        return pl.DataFrame(found, schema=_schema(resource), orient="row")

    def outcomes(self, batch: BatchName) -> pl.Series | None:
        """Return what a batch did: done, where it was by us. What was as wanted before we asked is not ours to undo."""
        then = self._journal.recall(batch)
        return None if then is None else pl.Series("outcome", [_RECALLED.get(each, each) for each in then], pl.String)

    def write(self, resource: Resource, changes: pl.DataFrame, batch: BatchName) -> pl.Series:
        """Carry out one action after another; the order is that of the keys, so owners come before rewards.

        What an earlier attempt did is not asked for again; what it had begun counts as its own where Astro shows it.

        Raises:
            Unavailable: Astro did not answer a question; what was written before stays, and is seen next time.
        """
        expect_one_change_a_record(changes, resource)
        journalled = list(self._journal.recall(batch) or [])
        answers = [
            self._answer(resource, each, journalled, n, batch) for n, each in enumerate(changes.iter_rows(named=True))
        ]
        return pl.Series("outcome", answers, pl.String)

    def _answer(
        self, resource: Resource, change: Mapping[str, Any], journalled: list[str], number: int, batch: BatchName
    ) -> str:
        """Carry out the action of that *number*, between two entries in the journal (*journalled*)."""
        earlier = journalled[number] if number < len(journalled) else ""
        if earlier in AS_WANTED:
            return _RECALLED.get(earlier, earlier)
        journalled[number : number + 1] = ["unknown"]
        self._journal.remember(batch, journalled)
        outcome = self._act(resource, change, begun=earlier == "unknown")
        journalled[number] = "written" if (earlier, outcome) == ("unknown", "unchanged") else outcome
        self._journal.remember(batch, journalled)
        return journalled[number]

    def _act(self, resource: Resource, change: Mapping[str, Any], *, begun: bool) -> str:
        """Look, and write what is still to be written: all of it, or the second call of two that were *begun*."""
        key = change[resource.key]
        before, after = (_side(resource, change, side) for side in ("before", "after"))
        now = self._now(key)
        if now == after:
            return "unchanged"
        if now != before and not (begun and _half_done(key, before, now)):
            return "conflict"
        return self._carry_out(key, now, after)

    def _carry_out(self, key: str, before: Record, after: Record) -> str:
        """Write; where the answer is lost, what Astro then shows decides, and nothing is asked twice.

        It was not there just before, so what is there after Astro has declined is by a call of ours that was answered
        only when it was repeated.
        """
        try:
            reply = self._steps(key, before, after)
        except Unanswered:
            return "written" if self._now(key) == after else "unknown"
        except Declined:
            return "refused"
        if reply.succeeded:
            return "written"
        return "written" if self._now(key) == after else "refused"

    def _steps(self, key: str, before: Record, after: Record) -> Reply:
        thing, customer_id, of, details = parts_of(key)
        named = {"customerID": customer_id}
        match thing:
            case "owner":
                contact = {_SAYS[name]: after[name] for name in CONTACT}
                return self.api.write("updateCustomer", named | contact, "repeatable")
            case "purchase" if after:
                return self.api.write("addTransaction", named | _purchase(of, details, after), "repeatable")
            case "purchase":
                return self.api.write("removeTransaction", named | {"transactionID": of}, "repeatable")
        return self._redeem(named | {"astro_reward_id": of}, before, after)

    def _redeem(self, reward: dict[str, Any], before: Record, after: Record) -> Reply:
        """Undo what was redeemed, then redeem: each once, and the second only if the first is certain."""
        if after and after["standing"] != "redeemed":
            return Reply(code=0, words="no call leaves a redemption incomplete")
        reply = self.api.write("removeRedemption", reward, "once") if before else None
        if not after or (reply and not reply.succeeded):
            return reply or Reply(code=0, words="")
        contact = self._look(reward["customerID"]).contact
        sent = {f"customer_{_SAYS[name]}": contact[name] for name in CONTACT}
        return self.api.write("addRedemption", reward | {"astro_item_id": after["item"]} | sent, "once")

    def _now(self, key: str) -> Record:
        self._seen.pop(parts_of(key)[1], None)
        return self._record(key)

    def _record(self, key: str) -> Record:
        """Return what Astro shows of one record, nothing where it is not there."""
        thing, customer_id, of, _ = parts_of(key)
        seen = self._look(customer_id)
        match thing:
            case "purchase":
                return _purchase_on(seen.cards, of)
            case "reward":
                return _reward_on(seen.cards, of)
        return _shown(standing="known", **seen.contact) if seen.known else _ABSENT

    def _look(self, customer_id: str) -> Seen:
        if customer_id not in self._seen:
            self._seen[customer_id] = look_at(self.api, customer_id)
        return self._seen[customer_id]


def look_at(api: AstroApi, customer_id: str) -> Seen:
    """Return an owner with all cards, those that run and those that were completed.

    Raises:
        Refused: Astro answers, but neither with the owner nor that there is none.
    """
    running, completed = (api.customer_status(customer_id, completed=which) for which in (0, 1))
    if NOT_FOUND in (running.code, completed.code):
        return Seen(known=False, contact=dict.fromkeys(CONTACT, ""), cards=())
    if not (running.succeeded and completed.succeeded):
        raise Refused(f"Astro would not show a pet owner ({running.code}, {completed.code}). Ask its support.")
    owner = rows_of(running.data)[0]
    cards = {str(card.get("astro_card_id")): card for reply in (running, completed) for card in _cards(reply)}
    contact = {name: as_text(owner.get(theirs)) for name, theirs in _SAYS.items()}
    return Seen(known=True, contact=contact, cards=tuple(cards.values()))


def _cards(reply: Reply) -> list[dict[str, Any]]:
    return [card for owner in rows_of(reply.data) for card in rows_of(owner.get("astroCardData"))]


def _purchase_on(cards: tuple[dict[str, Any], ...], transaction_id: str) -> Record:
    bought = [p for card in cards for p in rows_of(card.get("cardPurchases"))]
    ours = [p for p in bought if as_text(p.get("imported_transaction_id")) == transaction_id]
    return _shown(standing="imported", item=as_text(ours[0].get("item_code")), quantity=len(ours)) if ours else _ABSENT


def _reward_on(cards: tuple[dict[str, Any], ...], reward_id: str) -> Record:
    """Return a reward that was redeemed; one without a date was begun and not finished (assumed)."""
    goods = [good for card in cards for good in rows_of(card.get("cardFreeGoods"))]
    for good in goods:
        if as_text(good.get("astro_reward_id")) == reward_id:
            standing = "redeemed" if as_text(good.get("redeemed_on")) else "incomplete"
            return _shown(standing=standing, item=as_text(good.get("astro_item_id")))
    return _ABSENT


def _half_done(key: str, before: Record, now: Record) -> bool:
    """Say whether a redemption that was to be done again is undone: that is where an attempt of ours may have ended."""
    return parts_of(key)[0] == "reward" and before.get("standing") == "incomplete" and not now


def _purchase(transaction_id: str, details: Mapping[str, str], after: Record) -> dict[str, Any]:
    return {
        "transactionID": transaction_id,
        "saleID": details.get("sale", ""),
        "item_code": after["item"],
        "item_qty": after["quantity"],
        "item_amount": details.get("amount", ""),
        "item_transaction_date": details.get("date", ""),
    }


def _shown(**fields: Any) -> Record:
    return {"standing": "", "item": "", "quantity": 0} | dict.fromkeys(CONTACT, "") | fields


def _side(resource: Resource, change: Mapping[str, Any], side: str) -> Record:
    values = {column: change[f"{column}_{side}"] for column in resource.columns}
    return _ABSENT if all(value is None for value in values.values()) else values


def _schema(resource: Resource) -> dict[str, type[pl.DataType]]:
    numbers = {"quantity": pl.Int64}
    return {name: numbers.get(name, pl.String) for name in (resource.key, *resource.columns)}
