"""What failures of a class are, what settles them together, and the sentences in which causes are said."""

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.loyalty.records import FailureClass
from schemas.sentences import Sentences


@dataclass(frozen=True, kw_only=True)
class Cure:
    """What a class of failures is, as it follows on its cause (``UPC 0123 not enrolled``), and what settles them."""

    is_: str
    does: str


CURES: Mapping[FailureClass, Cure] = {
    "reward_waiting": Cure(is_=", rewards wait at checkout", does="redeem each"),
    "reward_in_history": Cure(is_=", redemptions are incomplete", does="undo and redo each"),
    "contact_missing": Cure(is_=" lacks contact data", does="entering it once opens the way for all"),
    "item_not_eligible": Cure(is_=", free goods were dearer than what was bought", does="redeem the cheapest for each"),
    "redeemed": Cure(is_=", rewards are redeemed already", does="hide them"),
    "in_no_programme": Cure(is_=" is in no programme", does="hide them"),
    "not_enrolled": Cure(is_=" not enrolled", does="one enrolment fixes all"),
    "new_item": Cure(is_=" is not known to Astro yet", does="one exception fixes it, then the item counts"),
    "rerun": Cure(is_=" would be taken today", does="run them again"),
    "duplicate": Cure(is_=" was told twice", does="hide them"),
    "purchase_missing": Cure(is_=" is missing on cards", does="add what is missing"),
    "free_good": Cure(is_=" was taken for free", does="hide them"),
    "not_bought": Cure(is_=" was not bought after all", does="hide them"),
    "recorded_too_often": Cure(is_=" is on cards more often than it was bought", does="take the surplus off"),
    "same_sale": Cure(is_=", failed more than once in a sale", does="settled with the other failure of each"),
    "customer_unknown": Cure(is_=" is not in Astro", does="linking the customer once opens the way for all"),
    "to_look_up": Cure(is_=" has to be looked up", does="look it up, or give the sweep access to Astro"),
    "by_hand": Cure(is_=", nobody knows what it means", does="look at each"),
}

CAUSE_SENTENCES: Sentences = (
    *(f"%(cause)s{cure.is_}: %(counts)s: {cure.does}" for cure in CURES.values()),
    "%(cause)s (%(more)s items)",
    ("%(num)s failure", "%(num)s failures"),
    ("%(num)s customer", "%(num)s customers"),
    "%(amount)s at risk",
    "%(more)s of unknown worth",
)
"""What is said of causes, as sentences that can be said in any language."""
