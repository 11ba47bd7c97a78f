"""Tell customers that the shop has moved, and how to set a password: one mail each, or a list for a mail tool."""

from typing import Literal

from prefect import flow

from schemas.invitations import INVITATIONS
from schemas.records import RunReport
from schemas.target_names import Channel
from tasks.chain.begin import begin
from tasks.chain.flow_states import with_readable_state
from tasks.chain.forms import with_titles
from tasks.invitations.canary import post_canary
from tasks.invitations.mailing_list import hand_over
from tasks.invitations.plan import plan_mailing
from tasks.invitations.recipients import gather_created, gather_listed, source_of
from tasks.invitations.report import report_mailing
from tasks.invitations.send import post_all


@with_titles
@flow(name="invite-customers", flow_run_name="invite customers: {mode} {run_id}{inbox_key}")
@with_readable_state
def invite_customers(
    run_id: str = "",
    inbox_key: str = "",
    campaign: str = "move",
    mode: Literal["preview", "apply"] = "preview",
    channel: Channel = "mail",
    max_recipients: int | None = None,
    canary_arrived: bool = False,
    submitted_by: str = "",
) -> RunReport:
    """Tell customers that the shop has moved, and how to set a password.

    Passwords cannot be imported, so everyone is told once how to choose a new one. Safe to retry: nobody
    gets a second mail of the same campaign, whatever happens to the run.

    Args:
        run_id: The run whose newly created customers are invited (its id, the one that Prefect shows, or a
            link to its page). Or name a file instead.
        inbox_key: A list of people in the inbox, such as invitations/people.csv, with the headings E-mail,
            Firstname, Lastname and Language.
        campaign: What this mailing is called. Nobody gets two mails of one campaign, from whichever run or
            file. Leave it alone, unless people are to be mailed again on purpose.
        mode: preview shows who would get which mail and sends nothing. apply sends.
        channel: mail sends the mails (without a mail server in the settings it only writes them as files).
            mailing_list writes a list and templates for an outside mail tool. ecom_password has Lightspeed eCom send
            its own mail about passwords, the first one alone; off unless the settings say that eCom does that.
        max_recipients: How many people are invited in this run at most, to begin with a few. The rest stay due.
        canary_arrived: Whether the one mail that eCom was asked for first has arrived. Only then it is asked for the
            others.
        submitted_by: Who starts this run, for the record.
    """
    run = begin(
        domain=INVITATIONS,
        flow="invite-customers",
        mode=mode,
        target=channel,
        source=source_of(run_id, inbox_key),
        options={"campaign": campaign},
        submitted_by=submitted_by,
    )
    invited = gather_created(run) if run_id else gather_listed(run)
    mailing = plan_mailing(run, invited, campaign, max_recipients)
    if mode == "preview":
        return report_mailing(run, invited, mailing)
    if channel == "mailing_list":
        hand_over(run, mailing)
        return report_mailing(run, invited, mailing)
    if channel == "ecom_password" and (asks := post_canary(run, mailing, arrived=canary_arrived)):
        return report_mailing(run, invited, mailing, asks=asks)
    given_up = post_all(run, mailing)
    return report_mailing(run, invited, mailing, given_up)
