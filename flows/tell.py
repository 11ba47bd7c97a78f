"""Tell people of a run that was lost, or failed before it could tell them itself: started by Prefect's server."""

from uuid import UUID

from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State, StateType
from prefect.states import Completed

from infra.systems import open_systems
from schemas.notifications import Standing
from tasks.chain.forms import with_titles
from tasks.chain.tell import tell_of_loss
from tasks.core.wording.run_ids import run_id_in

TELL = "tell"


@with_titles
@flow(name=TELL, flow_run_name="tell of {flow_run_id}")
@open_systems()
def tell(flow_run_id: str) -> State[None]:
    """Tell the people of the shop that a run crashed, or failed without having said so itself.

    Args:
        flow_run_id: The run, as Prefect names it.
    """
    run_id = UUID(flow_run_id)
    with get_client(sync_client=True) as client:  # it may run again by now: what it was, stands in its former states
        flow_name = client.read_flow(client.read_flow_run(run_id).flow_id).name
        ends = [state.type for state in client.read_flow_run_states(run_id)]
    if flow_name == TELL or not {StateType.CRASHED, StateType.FAILED} & set(ends):
        return Completed(name="Nothing to tell")
    crashed = StateType.CRASHED in ends
    tell_of_loss(run_id_in(flow_run_id), flow_name, Standing(kind="crashed" if crashed else "failed"))
    return Completed(name="Told")
