"""Bring the gift cards in the till in line with a file."""

from functools import partial

from prefect import flow

from schemas.gift_cards import GIFT_CARDS
from schemas.named_plans import NamedPlan
from schemas.records import ExistingCards, Mode, RunReport
from schemas.target_names import GiftCardTarget
from tasks.chain.apply import apply
from tasks.chain.begin import begin
from tasks.chain.close_rejects import follow_up
from tasks.chain.decide import decide
from tasks.chain.extract import extract
from tasks.chain.flow_states import with_readable_state
from tasks.chain.former_names import taking_former_names
from tasks.chain.forms import with_titles
from tasks.chain.lease import acquire_lease
from tasks.chain.report import report
from tasks.chain.snapshot import snapshot
from tasks.chain.usual_limits import usual_limits
from tasks.chain.verify import verify
from tasks.core.checking.number_formats import NumberFormatName
from tasks.core.gift_cards.checks import ZeroBalances
from tasks.core.planning.chosen_lines import LINES
from tasks.gift_cards.plan import plan_gift_cards
from tasks.gift_cards.validate import cards_as_told, validate_gift_cards


@with_titles
@taking_former_names
@flow(name="gift-cards", flow_run_name="gift cards: {mode} {inbox_key}")
@with_readable_state
def import_gift_cards(
    inbox_key: str,
    mode: Mode = "preview",
    existing_cards: ExistingCards = "hold",
    target: GiftCardTarget = "sql",
    number_format: NumberFormatName = "auto",
    zero_balances: ZeroBalances = "reject",
    reference: str = "",
    lines: str = "",
    approved: str = "",
    approved_by: str = "",
    approval_reason: str = "",
    max_changed_rows: int | None = None,
    max_changed_percent: int | None = None,
    max_added: int | None = None,
    max_amount: int | None = None,
    max_minutes: int | None = None,
    submitted_by: str = "",
) -> RunReport:
    """Bring the gift cards in the till in line with a file.

    Every row is checked, the target is backed up, and the plan is shown before anything changes.
    Safe to retry: a retry reads the file again (it may have been corrected) and plans only what
    still differs.

    Args:
        inbox_key: The file in the inbox, e.g. gift-cards/cards.csv.
        mode: preview shows the plan and changes nothing. review asks here in Prefect before it changes
            anything. apply carries the plan out if there are no concerns.
        existing_cards: What to do with a card that exists with another balance. hold leaves it alone and
            shows both values (it may have been spent since the export). set makes the file right. top_up
            ADDS the amounts to the cards, once.
        target: Where the cards are: the database (sql), a table of a database of your own (own_database), Lightspeed
            Retail by its API (lightspeed_x) or by a CSV file to upload there (lightspeed_x_csv), or nowhere, for
            practice (memory).
        number_format: How amounts are written in the file. auto concludes it when every amount agrees.
        zero_balances: Whether cards without a balance are rejected or kept.
        reference: For top_up: what this top-up is called. A card is topped up once per reference. Empty
            means the file itself.
        lines: Which lines of the file are carried out, as a spreadsheet numbers them, e.g. 2-40, 57. The others are
            held. Empty means all.
        approved: The id of a plan that someone looked at and found right.
        approved_by: Who did, for the record. Empty means whoever starts this run.
        approval_reason: Why they did, for the record.
        max_changed_rows: How many cards may change without approval, if more than usual.
        max_changed_percent: Which share of the existing cards may change without approval, if more than usual.
        max_added: How much may be added in all without approval, in whole units, if more than usual.
        max_amount: How much one card may hold without approval, in whole units, if more than usual.
        max_minutes: How long writing may take without approval, in a system that counts calls, if longer than usual.
        submitted_by: Who starts this run, for the record.
    """
    limits = usual_limits(GIFT_CARDS).raised(
        rows=max_changed_rows, percent=max_changed_percent, added=max_added, amount=max_amount, minutes=max_minutes
    )
    run = begin(
        domain=GIFT_CARDS.name,
        flow="gift-cards",
        mode=mode,
        target=target,
        source=inbox_key,
        options={"existing_cards": existing_cards, "reference": reference, LINES: lines},
        submitted_by=submitted_by,
    )
    batch = extract(run)
    validated = validate_gift_cards(run, batch, GIFT_CARDS, number_format=number_format, zero_balances=zero_balances)
    cards = cards_as_told(validated)
    acquire_lease(run)
    before = snapshot(run, cards, validated.accepted)
    plan = plan_gift_cards(run, cards, validated, before, limits, existing_cards=existing_cards)

    named = NamedPlan(plan_id=approved, approver=approved_by, reason=approval_reason)
    reported = partial(report, run, plan, validated=validated)
    decision = decide(run, plan, named, reported)
    if decision.report:
        return decision.report

    receipt = apply(run, plan, cards)
    verification = verify(run, receipt, cards)
    follow_up(run, GIFT_CARDS, validated)
    return reported(decision.answer, receipt=receipt, verification=verification)
