"""Save which headings of a file mean what, for imports that name them."""

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from schemas.problems import Problem
from schemas.records import HeadingsDialect
from tasks.chain.learn_headings import learn_headings_of
from tasks.core.reporting.run_outcome import outcome_of
from tasks.core.wording.words import TITLES


@flow(name="learn-headings", flow_run_name="learn headings: {save_as}")
def learn_headings(
    inbox_key: str, save_as: str, dialect: HeadingsDialect = "tixly", columns: dict[str, str] | None = None
) -> State[None]:
    """Save which headings of a file mean what, for imports that name them.

    Args:
        inbox_key: A file with the headings, in the inbox; its rows are not imported. Drop it outside the
            folders of imports, e.g. as samples/register.csv.
        save_as: The name to save the headings under; an import names it as headings.
        dialect: Which system the file is for.
        columns: What those headings mean that are not known, e.g. Kundnr is customer_id.
    """
    try:
        learnt = learn_headings_of(inbox_key, dialect, save_as, columns or {})
    except Problem as problem:
        return Failed(name=TITLES[outcome_of(problem)], message=str(problem))
    return Completed(name="Saved", message=learnt.says)
