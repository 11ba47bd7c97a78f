"""What each piece of advice says: how we know, and what to do, in the manual's steps and Astro's own words.

``{...}`` is filled in from the failure and its evidence, by ``deciding``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.loyalty.records import Who
from tasks.core.loyalty.manual import (
    AGAIN,
    ASK,
    ENTER,
    EXCEPTION,
    EXPAND,
    FINISH,
    HIDE,
    HISTORY,
    LOCK,
    OFF,
    OPEN,
    PICK,
    REWARD,
    UNDO,
)


@dataclass(frozen=True, kw_only=True)
class Advice:
    """``proof`` is one sentence. ``steps`` stand in the order in which they are done."""

    proof: str
    steps: tuple[str, ...]
    who: Who = "cashier"


ADVICE: Mapping[str, Advice] = {
    "link customer": Advice(
        proof="Astro does not know the customer {customer}.",
        steps=(
            "Search Astro for the customer by e-mail address and by telephone number.",
            "Link the pet owner who is found to {customer}, or add a new one; merge two of the same person first.",
            "Then run the sweep again: it says what is left to do.",
        ),
    ),
    "redeemed": Advice(
        proof="Astro shows the reward {reward_id} as redeemed.",
        steps=("Nothing is left to redeem.", HIDE),
        who="admin",
    ),
    "same reward": Advice(
        proof="Another failure is about the same reward {reward_id}.",
        steps=("Settle the other failure of {reward_id} first.", "Then hide this one too: click Hide beside it."),
    ),
    "other redemption": Advice(
        proof="We do not know this reason.",
        steps=(
            OPEN,
            "Look for the reward under Checkout, and then under History by Reward ID {reward_id}.",
            "If it waits, redeem it; if it is incomplete, undo and reselect it; if it is redeemed, hide the failure.",
            "Tell us what the reason means, so that it is known next time.",
        ),
    ),
    "reward nowhere": Advice(
        proof="Astro has the reward {reward_id} neither at checkout nor in the history of {customer}.",
        steps=(
            "Look whether the customer is in Astro twice: two pet owners of one person are merged, then linked again.",
            "Look for Reward ID {reward_id} in the history of the other.",
            "If it is nowhere, ask Astro's support for it by that number, before {deadline}.",
        ),
        who="admin",
    ),
    "look for reward": Advice(
        proof="Nobody could say where the reward {reward_id} is.",
        steps=(
            OPEN,
            "If the reward stands under Checkout, click it; enter what Astro asks for, and {pick}",
            "If not: " + HISTORY,
            "If it is incomplete there: " + UNDO,
            LOCK,
            HIDE,
        ),
    ),
    "ask, redeem": Advice(
        proof="The reward {reward_id} waits at checkout; Astro lacks the {contact}.",
        steps=(OPEN, REWARD, ASK, PICK, LOCK, HIDE),
    ),
    "ask, redo": Advice(
        proof="The reward {reward_id} is incomplete in the history; Astro lacks the {contact}.",
        steps=(OPEN, HISTORY, UNDO, ASK, PICK, LOCK, HIDE),
    ),
    "enter, redeem": Advice(
        proof="The reward {reward_id} waits at checkout; Astro lacks the {contact}, which our register has.",
        steps=(OPEN, REWARD, ENTER, PICK, LOCK, HIDE),
    ),
    "enter, redo": Advice(
        proof="The reward {reward_id} is incomplete in the history; Astro lacks the {contact}, which our register has.",
        steps=(OPEN, HISTORY, UNDO, ENTER, PICK, LOCK, HIDE),
    ),
    "redeem cheapest": Advice(
        proof="The reward {reward_id} waits at checkout; the item taken is dearer than those bought.",
        steps=(OPEN, REWARD, PICK, LOCK, HIDE),
    ),
    "redo cheapest": Advice(
        proof="The reward {reward_id} is incomplete in the history; the item taken is dearer than those bought.",
        steps=(OPEN, HISTORY, UNDO, PICK, LOCK, HIDE),
    ),
    "redeem": Advice(proof="The reward {reward_id} waits at checkout.", steps=(OPEN, REWARD, PICK, LOCK, HIDE)),
    "redo": Advice(
        proof="The reward {reward_id} is incomplete in the history.",
        steps=(OPEN, HISTORY, UNDO, PICK, LOCK, HIDE),
    ),
    "other transaction": Advice(
        proof="We do not know this reason.",
        steps=(
            OPEN,
            "Compare the sale of {date} at the till with what the cards show for {upc}.",
            "Add by hand what is missing, with the date in the card note; hide the failure when all is there.",
            "Tell us what the reason means, so that it is known next time.",
        ),
    ),
    "not bought": Advice(
        proof="The till has no {upc} sold to {customer} on {date}, or it was all brought back.",
        steps=("Look at the sale once more: was it cancelled, or rung up for another customer?", HIDE),
        who="admin",
    ),
    "free good": Advice(
        proof="On {date} {customer} took {upc} for free only, which is no purchase.",
        steps=("See that its reward is redeemed: that is another failure if it is not.", HIDE),
        who="admin",
    ),
    "duplicate": Advice(
        proof="The card shows {recorded} of {due} bought on {date}, with this transaction id.",
        steps=("It was told twice, and is there.", HIDE),
        who="admin",
    ),
    "duplicate without id": Advice(
        proof="The card shows {recorded} of {due} bought on {date}, though not under this transaction id.",
        steps=(
            "Look at the till whether the customer bought {upc} more than once on {date}.",
            "If not, it is there already.",
            HIDE,
        ),
        who="admin",
    ),
    "added by hand": Advice(
        proof="The card shows {recorded} of {due} bought on {date}, and {later} more put there by hand later.",
        steps=("Read the card notes: do they name {date}? Then it was added already.", HIDE),
        who="admin",
    ),
    "too often": Advice(
        proof="The card shows {recorded} bought on {date}; this sale had {due}.",
        steps=(
            "Look at the till whether the customer bought {upc} again on {date}. If so, all is well.",
            "If not, take the surplus off the card: a credit for it would be denied.",
            HIDE,
        ),
        who="admin",
    ),
    "in no programme": Advice(
        proof="Astro has {upc} in no programme, and none of its maker.",
        steps=("Nothing counts for this item.", HIDE),
        who="admin",
    ),
    "in no programme, new?": Advice(
        proof="Astro has {upc} in no programme.",
        steps=(
            "Is it a new item or size of a maker whose programme we run? Then add an exception: see the runbook.",
            "If not, nothing counts for this item.",
            HIDE,
        ),
        who="admin",
    ),
    "exception today": Advice(
        proof="Astro does not know {upc}; its maker has the programme {maker_programme}.",
        steps=(
            OPEN,
            "Below Today's Purchases, beside Unknown Item, click the red Add Exception.",
            *EXCEPTION,
            FINISH,
            HIDE,
        ),
    ),
    "exception on card": Advice(
        proof="Astro does not know {upc}; its maker has the programme {maker_programme}.",
        steps=(
            OPEN,
            "Click the customer's card of {maker_programme} itself, and tick Product Exception.",
            *EXCEPTION[1:],
            FINISH,
            HIDE,
        ),
    ),
    "exception without card": Advice(
        proof="Astro does not know {upc}; its maker has {maker_programme}, of which there is no card yet.",
        steps=(OPEN, OFF, "Below No Items Found, click Add Exception.", *EXCEPTION, FINISH, HIDE),
    ),
    "exception, card?": Advice(
        proof="Astro does not know {upc}; its maker has the programme {maker_programme}.",
        steps=(
            OPEN,
            "If the customer has a card of {maker_programme}, click it and tick Product Exception.",
            "If not: " + OFF + " Below No Items Found, click Add Exception.",
            *EXCEPTION,
            FINISH,
            HIDE,
        ),
    ),
    "enrol": Advice(
        proof="{upc} is in the programme {of_programme}, which the shop has not joined.",
        steps=(
            OPEN,
            OFF,
            "Read the description of {of_programme}; if the shop wants to join, click Enroll in Program.",
            "Choose the distributor and enter the account number it gave the shop: it stands on its invoices. "
            "With a wrong number every credit is denied.",
            "Click I Agree, then Rerun Scanned Item, and see the darker green tick on the card.",
            FINISH,
            "Do the same search for every other failure of this programme, all customers: they now go on their cards.",
            HIDE,
        ),
        who="manager",
    ),
    "look whether enrolled": Advice(
        proof="{upc} is in the programme {of_programme}; nobody could say whether the shop has joined it.",
        steps=(
            OPEN,
            OFF,
            "If Astro offers to Enroll in Program, the shop has not joined it: ask the manager, then rerun the item.",
            "If the item goes on a card, that was all: " + FINISH,
            HIDE,
        ),
    ),
    "look for item": Advice(
        proof="Nobody could say whether {upc} is in a programme.",
        steps=(
            OPEN,
            OFF,
            "If Astro offers to Enroll in Program: ask the manager to join, then rerun the item.",
            "If it says No Items Found: a new item of a maker whose programme we run needs an exception.",
            "If it is in no programme at all, nothing counts for it.",
            HIDE,
        ),
    ),
    "same sale": Advice(
        proof="Another failure is about {upc} of the same sale.",
        steps=("Settle the other failure of this sale first: {missing} are missing in all, not for each.", HIDE),
    ),
    "look at sale": Advice(
        proof="Nobody could say what was bought.",
        steps=(
            "Look up at the till how many of {upc} the customer {customer} bought.",
            "On which day and at what time? The failure says {date}.",
            "Were they bought, or taken as free goods? What was free is no purchase.",
            OPEN,
            EXPAND,
            "Is {date} there, with this item, and as many of them? Then it is a duplicate: hide it.",
            "If not, add what is missing to the card and write {date} into the card notes.",
            HIDE,
        ),
    ),
    "look at card": Advice(
        proof="The till sold {due} of {upc} to {customer} on {date}; nobody could say what the card shows.",
        steps=(
            OPEN,
            EXPAND,
            "Is {date} there, with this item, and {due} of them? Then it is a duplicate: hide it.",
            "If not, add what is missing to the card and write {date} into the card notes.",
            HIDE,
        ),
    ),
    "add missing": Advice(
        proof="The till sold {due} of {upc} on {date}; the card shows {recorded}: {missing} missing.",
        steps=(
            OPEN,
            "Click the card for {item} itself, choose the item and add it; so many times: {missing}.",
            "Click Edit Card Notes below the card and write: purchased on {date}.",
            "Click Checkout. If Astro asks why so many, choose Other and paste: "
            "The purchase failed to import from my point of sale; items originally purchased on {date}.",
            "On the second screen check what you changed, then click Finished.",
            AGAIN,
            HIDE,
        ),
    ),
    "rerun": Advice(
        proof="{upc} would be taken today: it is in the programme {of_programme}, and the customer is known.",
        steps=(
            OPEN,
            "Expand the card's details: is the purchase of {date} there already? Then only hide the failure.",
            OFF,
            "Write into the card notes: purchased on {date}.",
            FINISH,
            AGAIN,
            HIDE,
        ),
    ),
}
