"""What the Astro of the tests knows: pet owners, cards, programmes; and what it says when asked to change them."""

from dataclasses import dataclass, field
from typing import Any

Reply = tuple[int, str, Any]
Asked = dict[str, Any]
OK = (100, "Success")
CONTACT = ("first_name", "last_name", "email_address", "address", "city", "state", "zip", "phone")


@dataclass(kw_only=True)
class Program:
    """A frequent-buyer programme: a free good after so many purchases of its items."""

    program_id: str
    title: str
    items: dict[str, str]
    buys: int = 3
    enrolled: bool = True
    needs: tuple[str, ...] = ()


@dataclass(kw_only=True)
class Card:
    """A card of one owner in one programme. ``reward_id`` is there once it is full, ``free_item`` once redeemed."""

    card_id: str
    program: Program
    purchases: list[dict[str, str]] = field(default_factory=list)
    reward_id: str = ""
    free_item: str = ""
    redeemed_on: str = "2026-11-20"

    def shown(self) -> dict[str, Any]:
        """Return it as customerStatus does."""
        free = {"astro_reward_id": self.reward_id, "astro_item_id": f"i{self.free_item}", "free_qty": "1"}
        free |= {"item_description": self.program.items.get(self.free_item, ""), "redeemed_on": self.redeemed_on}
        return {
            "astro_card_id": self.card_id,
            "astro_program_id": self.program.program_id,
            "astro_program_title": self.program.title,
            "astro_mfg_name": "Huxley",
            "astro_card_status": "redeemed" if self.free_item else "complete" if self.reward_id else "open",
            "card_purchase_required_count": str(self.program.buys),
            "card_reward_count": "1" if self.reward_id and not self.free_item else "0",
            "cardPurchases": self.purchases,
            "cardFreeGoods": [free] if self.free_item else [],
        }


@dataclass(kw_only=True)
class Owner:
    """A pet owner, known by the POS's own number."""

    contact: dict[str, str]
    cards: list[Card] = field(default_factory=list)


@dataclass
class Books:
    """Everything."""

    owners: dict[str, Owner] = field(default_factory=dict)
    programs: list[Program] = field(default_factory=list)

    def add_owner(self, customer_id: str, **contact: str) -> Owner:
        """Enter a pet owner."""
        self.owners[customer_id] = Owner(contact=dict.fromkeys(CONTACT, "") | contact)
        return self.owners[customer_id]

    def add_card(self, customer_id: str, program: Program, **fields: Any) -> Card:
        """Give an owner a card."""
        card = Card(card_id=f"c{sum(len(o.cards) for o in self.owners.values())}", program=program, **fields)
        self.owners[customer_id].cards.append(card)
        return card

    def answer(self, endpoint: str, said: Asked) -> Reply:
        """Do what an endpoint does."""
        if endpoint == "eligiblePurchaseItems":
            return (*OK, self._eligible(said))
        if endpoint == "searchCustomer":
            return self._search(said)
        owner = self.owners.get(str(said.get("customerID", "")))
        if owner is None:
            return 310, "Customer not found", None
        answers = {
            "customerStatus": self._status,
            "customerRewardStatus": self._rewards,
            "checkRedemptionEligibility": self._may_redeem,
            "updateCustomer": self._update,
            "addTransaction": self._add,
            "addTransactionBatch": self._add_batch,
            "removeTransaction": self._remove,
            "addRedemption": self._redeem,
            "removeRedemption": self._undo,
        }
        known = answers.get(endpoint)
        return known(owner, said) if known else (999, "Unknown endpoint", None)

    def _program_of(self, upc: str) -> Program | None:
        return next((p for p in self.programs if upc in p.items), None)

    def _eligible(self, said: Asked) -> list[dict[str, Any]]:
        wanted = said.get("item_code_batch") or [said["item_code"]]
        found = [(upc, program) for upc in wanted if (program := self._program_of(upc))]
        return [
            {
                "item_code": upc,
                "item_description": program.items[upc],
                "astro_mfg_name": "Huxley",
                "available_programs": [
                    {"astro_mfg_program_id": program.program_id, "title": program.title, "type": "Frequent Buyer"}
                ],
            }
            for upc, program in found
        ]

    def _search(self, said: Asked) -> Reply:
        for customer_id, owner in self.owners.items():
            if any(said.get(name) and said[name] == owner.contact[name] for name in ("email_address", "phone")):
                return (*OK, {"customerID": customer_id, "astro_customer_id": f"a{customer_id}"} | owner.contact)
        return 310, "Customer not found", None

    def _status(self, owner: Owner, said: Asked) -> Reply:
        completed = str(said.get("completed_cards", "0")) == "1"
        cards = [card.shown() for card in owner.cards if completed or not card.free_item]
        return (*OK, {"astro_customer_id": f"a{said['customerID']}"} | owner.contact | {"astroCardData": cards})

    def _rewards(self, owner: Owner, said: Asked) -> Reply:
        return (*OK, [_reward(card) for card in owner.cards if card.reward_id and not card.free_item])

    def _may_redeem(self, owner: Owner, said: Asked) -> Reply:
        for card in owner.cards:
            bought = {purchase["item_code"] for purchase in card.purchases}
            if card.reward_id and not card.free_item and said["item_code"] in bought:
                return (*OK, {"isEligible": True, "astro_reward_id": card.reward_id, "program_type": "Frequent Buyer"})
        return 700, "Not eligible", {"isEligible": False}

    def _update(self, owner: Owner, said: Asked) -> Reply:
        owner.contact |= {name: str(said[name]) for name in CONTACT if name in said}
        return (*OK, None)

    def _add(self, owner: Owner, said: Asked) -> Reply:
        program = self._program_of(str(said["item_code"]))
        if program is None or not program.enrolled:
            return 700, "No Items Found", None
        if any(said["transactionID"] == p["imported_transaction_id"] for c in owner.cards for p in c.purchases):
            return 720, "TransactionID Already Exists", None
        card = next((c for c in owner.cards if c.program is program and not c.reward_id), None)
        card = card or self.add_card(str(said["customerID"]), program)
        bought = {"item_code": said["item_code"], "item_description": program.items[said["item_code"]]}
        dated = {"imported_transaction_id": said["transactionID"], "purchase_date": said["item_transaction_date"]}
        card.purchases += [bought | dated for _ in range(int(said.get("item_qty", 1)))]
        return (*OK, {"transactionID": said["transactionID"], "astro_program_id": program.program_id})

    def _add_batch(self, owner: Owner, said: Asked) -> Reply:
        rows = []
        for row in said["transactions"]:
            code, text, _ = self._add(owner, {"customerID": said["customerID"]} | row)
            status = {"transaction_status": code, "transaction_status_message": text}
            rows.append(status | {"transactionID": row["transactionID"]})
        return (*OK, rows)

    def _remove(self, owner: Owner, said: Asked) -> Reply:
        for card in owner.cards:
            kept = [p for p in card.purchases if p["imported_transaction_id"] != said["transactionID"]]
            if len(kept) != len(card.purchases):
                card.purchases = kept
                return (*OK, None)
        return 700, "No transaction", None

    def _redeem(self, owner: Owner, said: Asked) -> Reply:
        card = next((c for c in owner.cards if c.reward_id == said["astro_reward_id"]), None)
        if card is None or card.free_item:
            return 700, "Reward not found", None
        sent = {"email_address": said.get("customer_email_address"), "address": said.get("customer_address")}
        if any(not (owner.contact[name] or sent.get(name)) for name in card.program.needs):
            return 745, "Email or postal address missing", None
        item = str(said["astro_item_id"]).removeprefix("i")
        if item not in {purchase["item_code"] for purchase in card.purchases}:
            return 700, "Item not free-eligible", None
        card.free_item, card.redeemed_on = item, "2026-11-26"
        return (*OK, None)

    def _undo(self, owner: Owner, said: Asked) -> Reply:
        card = next((c for c in owner.cards if c.reward_id == said["astro_reward_id"] and c.free_item), None)
        if card is None:
            return 700, "Reward not found", None
        card.free_item = ""
        return (*OK, None)


def _reward(card: Card) -> dict[str, Any]:
    """Return a waiting reward as customerRewardStatus does (assumed: its answer is nowhere documented)."""
    items = {purchase["item_code"] for purchase in card.purchases}
    return {
        "astro_reward_id": card.reward_id,
        "astro_program_id": card.program.program_id,
        "astro_program_title": card.program.title,
        "items": [
            {"astro_item_id": f"i{upc}", "item_code": upc, "item_description": card.program.items[upc]}
            for upc in sorted(items)
        ],
    }
