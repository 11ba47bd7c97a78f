"""Tell people each morning what is open, where they chose to be told: by schedule, in the zone of the shop."""

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from infra.systems import open_systems
from tasks.chain.forms import with_titles
from tasks.chain.tell import tell_in_the_morning


@with_titles
@flow(name="morning-summary", flow_run_name="morning summary")
@open_systems()
def tell_what_is_open() -> State[None]:
    """Tell those who chose so what is open this morning.

    What waits for somebody is counted by what it is, and so is how the runs of the last day ended. Where nothing waits
    and nothing happened, nobody is told. It is told once a day, however often this runs.
    """
    tell_in_the_morning()
    return Completed(name="Told")
