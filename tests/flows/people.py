"""What people do with the running stack: drop a file, start a run, answer its form, press Retry.

Everything goes through the HTTP API, as the pages of Prefect do.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from subprocess import CompletedProcess
from typing import Any, TypeVar

import httpx
import sqlalchemy as sa

from infra.databases.database import reading
from infra.ledger import Ledger, RunEntry
from infra.ledger.tables import APPROVALS
from infra.storage import Storage
from tests.flows.tills import Till

T = TypeVar("T")
State = dict[str, Any]
PATIENCE_SECONDS = 120
OVER = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
NOTHING_MORE: Mapping[str, str] = {}


@dataclass(frozen=True, kw_only=True)
class People:
    """The people of a shop at their browsers, and one at a terminal (``type``)."""

    api: httpx.Client
    login: str
    storage: Storage
    ledger: Ledger
    type: Callable[..., CompletedProcess[str]]

    def drop(self, name: str, content: str | bytes) -> str:
        """Put a file into the inbox, in place of one of that name."""
        self.storage.put(f"inbox/{name}", content.encode() if isinstance(content, str) else content)
        return name

    def start(
        self, deployment: str, till: Till, environment: Mapping[str, str] = NOTHING_MORE, **parameters: object
    ) -> str:
        """Press Run, for a run on a till of its own."""
        variables = {"env": {"COUNTERFOIL_TARGET_URL": till.url, **environment}}
        return self.press_run(deployment, job_variables=variables, parameters=parameters)

    def press_run(self, deployment: str, **asked: object) -> str:
        """Press Run and return the id of the flow run."""
        path = f"/deployments/{self.deployment(deployment)['id']}/create_flow_run"
        return str(self.post(path, {"state": {"type": "SCHEDULED"}, **asked})["id"])

    def retry(self, run: str, **environment: str) -> None:
        """Press Retry, with other settings for the run's next process where given."""
        asked = {"type": "SCHEDULED", "name": "AwaitingRetry"}
        if environment:  # Prefect lets a run's settings be changed only while it is scheduled
            tomorrow = {"scheduled_time": (datetime.now(UTC) + timedelta(days=1)).isoformat()}
            self._set_state(run, {**asked, "state_details": tomorrow})
            known = self.get(f"/flow_runs/{run}")["job_variables"]["env"]
            changed = {"job_variables": {"env": known | environment}}
            self.api.patch(f"/flow_runs/{run}", json=changed).raise_for_status()
        self._set_state(run, asked)

    def answer(self, run: str, decision: str, approver: str = "Maria", reason: str = "looks right") -> str:
        """Fill in the form and press Resume; return whether Prefect took it (ACCEPT or REJECT)."""
        given = {"decision": decision, "approver": approver, "reason": reason}
        return str(self.post(f"/flow_runs/{run}/resume", {"run_input": given})["status"])

    def see_end(self, run: str, name: str) -> State:
        """Wait until the run is over, or asks against all expectation, and see that it ended under this name."""
        state = wait_for(lambda: self.state(run), lambda state: state["type"] in OVER | {"PAUSED"})
        assert state["name"] == name, state
        return state

    def see_question(self, run: str, after: State | None = None) -> State:
        """Wait until the run asks, about something else than in the question before."""
        before = after and after["state_details"]["run_input_keyset"]

        def asks(state: State) -> bool:
            return state["name"] == "Suspended" and state["state_details"]["run_input_keyset"] != before

        state = wait_for(lambda: self.state(run), lambda state: state["type"] in OVER or asks(state))
        assert asks(state), state
        return state

    def form(self, run: str, question: State) -> tuple[dict[str, Any], str]:
        """Return the schema and the description of the form that a suspended run shows."""
        keys = question["state_details"]["run_input_keyset"]
        schema, description = (f"/flow_runs/{run}/input/{keys[part]}" for part in ("schema", "description"))
        wait_for(lambda: self.api.get(description), lambda found: found.is_success)  # it comes after the state
        return self.get(schema), self.get(description)

    def state(self, run: str) -> State:
        """Return the state of a run as its page shows it."""
        return dict(self.get(f"/flow_runs/{run}")["state"])

    def entry(self, run: str) -> RunEntry:
        """Return what the ledger says of a run."""
        return self.ledger.get_run(run_id(run))

    def decisions(self, plan_id: str) -> list[tuple[str, str, str]]:
        """Return the decisions on record about a plan: what, who, why."""
        query = sa.select(APPROVALS.c.decision, APPROVALS.c.approver, APPROVALS.c.reason)
        with reading(self.ledger.engine) as connection:
            rows = connection.execute(query.where(APPROVALS.c.plan_id == plan_id).order_by(APPROVALS.c.id))
            return [tuple(row) for row in rows]

    def imports_of(self, inbox_key: str) -> list[str]:
        """List the imports of an inbox file, oldest first."""
        asked = {"flows": {"name": {"any_": ["gift-cards"]}}, "sort": "START_TIME_ASC"}
        runs = self.post("/flow_runs/filter", asked)
        return [run["id"] for run in runs if run["parameters"]["inbox_key"] == inbox_key]

    def artifacts(self, run: str) -> dict[str, Any]:
        """Return the newest artifact of each kind on the page of a run."""
        asked = {"flow_runs": {"id": {"any_": [run]}}, "sort": "UPDATED_DESC"}
        found = self.post("/artifacts/filter", asked)
        return {artifact["type"]: artifact["data"] for artifact in reversed(found)}

    def see_in_log(self, run: str, text: str) -> None:
        """Wait until something stands in the log of a run, where its page opens."""
        asked = {"logs": {"flow_run_id": {"any_": [run]}}}
        wait_for(lambda: self.post("/logs/filter", asked), lambda log: any(text in line["message"] for line in log))

    def deployment(self, name: str) -> dict[str, Any]:
        """Return a deployment by its name and its flow's (``inbox/inbox``)."""
        return dict(self.get(f"/deployments/name/{name}"))

    def get(self, path: str) -> Any:
        """Ask Prefect."""
        return self.api.get(path).raise_for_status().json()

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Tell Prefect."""
        return self.api.post(path, json=body).raise_for_status().json()

    def _set_state(self, run: str, state: State) -> None:
        self.post(f"/flow_runs/{run}/set_state", {"state": state, "force": True})


def run_id(run: str) -> str:
    """Return the id by which Counterfoil knows a flow run."""
    return run.replace("-", "")[:12]


def wait_for(look: Callable[[], T], is_there: Callable[[T], object], seconds: int = PATIENCE_SECONDS) -> T:
    """Look until it is there, for so many *seconds*: longer where a schedule must come round first.

    Raises:
        TimeoutError: With what was seen last.
    """
    until = time.monotonic() + seconds
    while not is_there(seen := look()):
        if time.monotonic() > until:
            raise TimeoutError(f"waited {seconds} seconds; seen last: {seen}")
        time.sleep(0.2)
    return seen
