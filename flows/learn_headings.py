"""Save which headings of a file mean what, for imports that name them."""

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from infra.systems import open_systems
from schemas.problems import Problem
from schemas.records import HeadingsDialect
from tasks.chain.forms import with_titles
from tasks.chain.learn_headings import learn_headings_of
from tasks.chain.validate import read_as
from tasks.core.reading.learnt_headings import LearntHeadings
from tasks.core.reporting.run_outcome import outcome_of
from tasks.core.wording.words import TITLES
from tasks.customers.headings import customer_dialect
from tasks.loyalty.headings import FAILURE_DIALECTS, read_failure_sample


@with_titles
@flow(name="learn-headings", flow_run_name="learn headings: {save_as}")
def learn_headings(
    inbox_key: str, save_as: str, dialect: HeadingsDialect = "tixly", columns: dict[str, str] | None = None
) -> State[None]:
    """Save which headings of a file mean what, for imports that name them.

    Those of failure reports and of files of sales are named in COUNTERFOIL_LOYALTY_HEADINGS.

    Args:
        inbox_key: A file with the headings, in the inbox; its rows are not imported. Drop it outside the
            folders of imports, e.g. as samples/register.csv.
        save_as: The name to save the headings under; an import names it as headings.
        dialect: Which system the file is for.
        columns: What those headings mean that are not known, e.g. Kundnr is customer_id.
    """
    try:
        with open_systems():
            learnt = learn_from_sample(inbox_key, dialect, save_as, columns or {})
    except Problem as problem:
        return Failed(name=TITLES[outcome_of(problem)], message=str(problem))
    return Completed(name="Saved", message=learnt.says)


def learn_from_sample(
    inbox_key: str, dialect: HeadingsDialect, save_as: str, columns: dict[str, str]
) -> LearntHeadings:
    """Save the headings, read as files of that dialect are.

    Raises:
        FileNeedsFixing: The file cannot be read, or *columns* does not fit it.
    """
    if dialect in FAILURE_DIALECTS:
        return learn_headings_of(inbox_key, FAILURE_DIALECTS[dialect], save_as, columns, read=read_failure_sample)
    return learn_headings_of(inbox_key, customer_dialect(dialect), save_as, columns, read=read_as)
