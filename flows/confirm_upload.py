"""Say what a shop did with an upload file: which rows it took, and which it gave back."""

from prefect import flow

from schemas.customers import CUSTOMERS
from schemas.records import RunReport
from tasks.chain.begin import begin_about
from tasks.chain.flow_states import with_readable_state
from tasks.chain.forms import with_titles
from tasks.chain.upload_answers import close_upload, find_upload
from tasks.customers.register_export import settle_by_next_export
from tasks.gift_cards.upload_answer import settle_by_card_list, settle_by_error_file


@with_titles
@flow(name="confirm-upload", flow_run_name="confirm upload: {run_id}")
@with_readable_state
def confirm_upload(run_id: str, inbox_key: str = "") -> RunReport:
    """Say what a shop did with an upload file: which rows it took, and which it gave back.

    A target that takes files does not answer by itself, so the changes of such a run stay unknown
    until someone says how the upload went.

    Args:
        run_id: The run that wrote the upload file: its id, the one that Prefect shows, or a link to its page.
        inbox_key: What the shop gave after the upload, dropped in the inbox: the CSV of errors (Lightspeed X;
            empty means the newest list of cards among the exports if it is newer than the run, else that the shop
            took every row), or a new export of all customers (Tixly, Lightspeed
            eCom; empty means the newest one among the exports, else what Tixly's interface answers where the
            settings have its address).
    """
    run = begin_about(run_id, flow="confirm-upload", mode="apply", options={"answer": inbox_key})
    uploaded = find_upload(run)
    if uploaded.domain == CUSTOMERS.name:
        settlement = settle_by_next_export(uploaded, inbox_key)
    elif inbox_key:
        settlement = settle_by_error_file(uploaded, inbox_key)
    else:
        settlement = settle_by_card_list(uploaded)
    return close_upload(run, uploaded, settlement)
