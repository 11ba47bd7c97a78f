"""The triage manual as two tables: the first line whose cells all hold decides.

An empty cell holds for everything, ``a/b`` for either. ``?`` means that nobody could say. *proven*: ``yes`` where the
evidence leaves no other reading, ``sure`` where it does so if contact data and the free item were both asked about.
What the words of a cell mean stands in ``facts``; what each piece of advice says, in ``advice``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.loyalty.records import Section

_REDEMPTIONS = """
reason             | customer | reward     | contact | fits | pick   | first || class             | action                 | proven | advice
                   | no       |            |         |      |        |       || customer_unknown  | worklist               | yes    | link customer
customer_not_found | ?        |            |         |      |        |       || customer_unknown  | worklist               |        | link customer
                   |          | redeemed   |         |      |        |       || redeemed          | hide                   | yes    | redeemed
                   |          |            |         |      |        | no    || same_sale         | worklist               |        | same reward
other              |          |            |         |      |        |       || by_hand           | worklist               |        | other redemption
                   |          | absent     |         |      |        |       || by_hand           | worklist               |        | reward nowhere
                   |          | ?          |         |      |        |       || to_look_up        | worklist               |        | look for reward
                   |          | waiting    | missing |      |        |       || contact_missing   | worklist               | yes    | ask, redeem
                   |          | incomplete | missing |      |        |       || contact_missing   | worklist               | yes    | ask, redo
contact_missing    |          | waiting    | ?       |      |        |       || contact_missing   | worklist               |        | ask, redeem
contact_missing    |          | incomplete | ?       |      |        |       || contact_missing   | worklist               |        | ask, redo
                   |          | waiting    | at hand |      | known  |       || contact_missing   | add_contact_and_redeem | sure   | enter, redeem
                   |          | incomplete | at hand |      | known  |       || contact_missing   | add_contact_and_redo   | sure   | enter, redo
                   |          | waiting    | at hand |      | person |       || contact_missing   | worklist               |        | enter, redeem
                   |          | incomplete | at hand |      | person |       || contact_missing   | worklist               |        | enter, redo
                   |          | waiting    |         | no   | known  |       || item_not_eligible | redeem                 | sure   | redeem cheapest
                   |          | incomplete |         | no   | known  |       || item_not_eligible | redo_redemption        | sure   | redo cheapest
                   |          | waiting    |         | no   | person |       || item_not_eligible | worklist               |        | redeem cheapest
                   |          | incomplete |         | no   | person |       || item_not_eligible | worklist               |        | redo cheapest
                   |          | waiting    |         | yes  | known  |       || reward_waiting    | redeem                 | sure   | redeem
                   |          | incomplete |         | yes  | known  |       || reward_in_history | redo_redemption        | sure   | redo
                   |          | waiting    |         | yes  | person |       || reward_waiting    | worklist               |        | redeem
                   |          | incomplete |         | yes  | person |       || reward_in_history | worklist               |        | redo
"""  # noqa: E501 - a table is read across

_TRANSACTIONS = """
reason             | customer | sold | recorded | by_hand | same_id | first | programmes | maker | enrolled | path    | by_call || class              | action       | proven | advice
                   | no       |      |          |         |         |       |            |       |          |         |         || customer_unknown   | worklist     | yes    | link customer
customer_not_found | ?        |      |          |         |         |       |            |       |          |         |         || customer_unknown   | worklist     |        | link customer
other              |          |      |          |         |         |       |            |       |          |         |         || by_hand            | worklist     |        | other transaction
                   |          | free |          |         |         |       |            |       |          |         |         || free_good          | hide         | yes    | free good
                   |          | some | enough   |         | yes     |       |            |       |          |         |         || duplicate          | hide         | yes    | duplicate
                   |          | some | enough   |         |         |       |            |       |          |         |         || duplicate          | hide         |        | duplicate without id
                   |          | some | more     |         |         |       |            |       |          |         |         || recorded_too_often | worklist     |        | too often
                   |          | some | less     | enough  |         |       |            |       |          |         |         || duplicate          | hide         |        | added by hand
no_items_found     |          |      |          |         |         |       | none       | none  |          |         |         || in_no_programme    | hide         | yes    | in no programme
no_items_found     |          |      |          |         |         |       | none       | ?     |          |         |         || in_no_programme    | hide         |        | in no programme, new?
no_items_found     |          |      |          |         |         |       | none       | some  |          | today   |         || new_item           | worklist     |        | exception today
no_items_found     |          |      |          |         |         |       | none       | some  |          | card    |         || new_item           | worklist     |        | exception on card
no_items_found     |          |      |          |         |         |       | none       | some  |          | no card |         || new_item           | worklist     |        | exception without card
no_items_found     |          |      |          |         |         |       | none       | some  |          | ?       |         || new_item           | worklist     |        | exception, card?
no_items_found     |          |      |          |         |         |       | some       |       | no       |         |         || not_enrolled       | worklist     | yes    | enrol
no_items_found     |          |      |          |         |         |       | some       |       | ?        |         |         || to_look_up         | worklist     |        | look whether enrolled
no_items_found     |          |      |          |         |         |       | ?          |       |          |         |         || to_look_up         | worklist     |        | look for item
                   |          | none |          |         |         |       |            |       |          |         |         || not_bought         | hide         |        | not bought
                   |          | some | less     |         |         | no    |            |       |          |         |         || same_sale          | worklist     |        | same sale
transaction_exists |          | ?    |          |         |         |       |            |       |          |         |         || to_look_up         | worklist     |        | look at sale
transaction_exists |          | some | ?        |         |         |       |            |       |          |         |         || to_look_up         | worklist     |        | look at card
transaction_exists |          | some | less     | none    | no      |       |            |       |          |         | yes     || purchase_missing   | add_purchase | yes    | add missing
transaction_exists |          | some | less     |         |         |       |            |       |          |         |         || purchase_missing   | worklist     |        | add missing
                   |          | some | less     | none    | no      |       |            |       |          |         | yes     || rerun              | add_purchase | yes    | rerun
                   |          |      |          |         |         |       |            |       |          |         |         || rerun              | worklist     |        | rerun
"""  # noqa: E501 - a table is read across


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One line of a table. ``when``: fact -> the words that hold; facts that are not named hold for everything."""

    when: Mapping[str, frozenset[str]]
    failure_class: str
    action: str
    proven: str
    advice: str

    def holds(self, facts: Mapping[str, str]) -> bool:
        """Say whether all cells of the line hold."""
        return all(facts[name] in words for name, words in self.when.items())


def _rules(drawn: str) -> tuple[Rule, ...]:
    heading, *lines = [line.split("||") for line in drawn.strip().splitlines()]
    names = _cells(heading[0])
    return tuple(_rule(dict(zip(names, _cells(when), strict=True)), *_cells(then)) for when, then in lines)


def _cells(text: str) -> list[str]:
    return [cell.strip() for cell in text.split("|")]


def _rule(cells: Mapping[str, str], failure_class: str, action: str, proven: str, advice: str) -> Rule:
    when = {name: frozenset(cell.split("/")) for name, cell in cells.items() if cell}
    return Rule(when=when, failure_class=failure_class, action=action, proven=proven, advice=advice)


RULES: Mapping[Section, tuple[Rule, ...]] = {
    "redemption": _rules(_REDEMPTIONS),
    "transaction": _rules(_TRANSACTIONS),
}


def first_rule(section: Section, facts: Mapping[str, str]) -> Rule:
    """Return the first line of the section's table that holds; there is always one."""
    return next(rule for rule in RULES[section] if rule.holds(facts))
