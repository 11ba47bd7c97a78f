"""How a run that invites people ended."""

import polars as pl
import pytest

from schemas.records import InvitationCounts, RowCounts
from tasks.core.invitations.run_outcome import conclude_invitations


def people(counts: InvitationCounts) -> pl.DataFrame:
    outcomes = [outcome for outcome, count in vars(counts).items() for _ in range(count)]
    return pl.DataFrame(
        {"outcome": outcomes, "language": ["sv"] * len(outcomes)}, schema_overrides={"outcome": pl.String}
    )


def ending(counts: InvitationCounts, *, rejected: int = 0, mode: str = "apply", channel: str = "mail"):
    accepted = sum(vars(counts).values())
    rows = RowCounts(rows_in=accepted + rejected, accepted=accepted, rejected=rejected)
    return conclude_invitations(
        mode=mode, channel=channel, rows=rows, people=people(counts), counts=counts, remarks=("First this.",)
    )


@pytest.mark.parametrize(
    ("counts", "rejected", "outcome", "says"),
    [
        (InvitationCounts(sent=3), 0, "applied", "3 sent (mails in sv: 3)"),
        (
            InvitationCounts(sent=3, already=1, suppressed=1),
            0,
            "applied",
            "3 sent, 1 suppressed, 1 already invited (mails in sv: 3)",
        ),
        (InvitationCounts(sent=3), 1, "applied_with_rejects", "3 sent, 1 rejected (mails in sv: 3)"),
        (InvitationCounts(sent=3, no_address=1), 0, "applied_with_rejects", "3 sent, 1 no address (mails in sv: 3)"),
        (InvitationCounts(sent=3, refused=1), 0, "partly_applied", "3 sent, 1 refused (mails in sv: 3)"),
        (InvitationCounts(already=3, unknown=1), 0, "partly_applied", "1 unknown, 3 already invited"),
        (InvitationCounts(sent=1, due=2), 0, "partly_applied", "2 to be sent, 1 sent (mails in sv: 3)"),
        (InvitationCounts(already=3), 0, "nothing_to_do", "3 already invited"),
        (InvitationCounts(), 0, "nothing_to_do", "nobody to invite"),
    ],
)
def test_a_run_is_named_by_what_became_of_its_people(counts, rejected, outcome, says):
    ended = ending(counts, rejected=rejected)
    assert (ended.outcome, ended.says) == (outcome, says)


def test_a_preview_says_that_nothing_was_sent_whatever_it_found():
    ended = ending(InvitationCounts(due=2, unknown=1), rejected=1, mode="preview")
    assert ended.outcome == "previewed"
    assert [step.split(".")[0] for step in ended.next_steps[:2]] == ["First this", "Nothing was sent"]


def test_people_who_were_lost_on_the_way_are_a_fault_and_no_report():
    rows = RowCounts(rows_in=3, accepted=3, rejected=0)
    with pytest.raises(ArithmeticError, match="people of the list"):
        counts = InvitationCounts(sent=2)
        conclude_invitations(mode="apply", channel="mail", rows=rows, people=people(counts), counts=counts)
