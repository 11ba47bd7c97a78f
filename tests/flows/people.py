"""What people do with the running stack: drop a file, start a run, answer its form, press Retry.

Everything goes through the HTTP API, as the pages of Prefect do.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx

from infra.ledger import Ledger, RunEntry
from infra.storage import Storage
from tests.flows.tills import Till

T = TypeVar("T")
PATIENCE_SECONDS = 90
OVER = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
State = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class People:
    """The people of a shop, at their browsers."""

    api: httpx.Client
    storage: Storage
    ledger: Ledger

    def drop(self, name: str, text: str) -> str:
        """Put a file into the inbox, outside the folders that the inbox flow looks into."""
        self.storage.put(f"inbox/{name}", text.encode())
        return name

    def start(self, deployment: str, till: Till | None = None, **parameters: object) -> str:
        """Press Run. With a till, the run works on that one instead of the stack's own."""
        variables = {"env": {"COUNTERFOIL_TARGET_URL": till.url}} if till else {}
        asked = {"parameters": parameters, "job_variables": variables, "state": {"type": "SCHEDULED"}}
        return str(self.post(f"/deployments/{self.deployment(deployment)['id']}/create_flow_run", asked)["id"])

    def set_environment(self, run: str, **variables: str) -> None:
        """Change the environment of a run's next process."""
        known = self.get(f"/flow_runs/{run}")["job_variables"]["env"]
        changed = {"job_variables": {"env": known | variables}}
        self.api.patch(f"/flow_runs/{run}", json=changed).raise_for_status()

    def answer(self, run: str, decision: str, approver: str = "Maria", reason: str = "looks right") -> httpx.Response:
        """Fill in the form and press Resume."""
        given = {"decision": decision, "approver": approver, "reason": reason}
        return self.api.post(f"/flow_runs/{run}/resume", json={"run_input": given})

    def retry(self, run: str) -> None:
        """Press Retry."""
        self.post(f"/flow_runs/{run}/set_state", {"state": {"type": "SCHEDULED", "name": "AwaitingRetry"}, "force": True})

    def see_end(self, run: str) -> State:
        """Wait until the run is over."""
        return wait_for(lambda: self._state(run), lambda state: state["type"] in OVER)

    def see_question(self, run: str, unlike: State | None = None) -> State:
        """Wait until the run asks, and asks something else than before."""
        before = unlike and unlike["state_details"]["run_input_keyset"]
        state = wait_for(
            lambda: self._state(run),
            lambda state: state["type"] in OVER
            or (state["name"] == "Suspended" and state["state_details"]["run_input_keyset"] != before),
        )
        assert state["name"] == "Suspended", state
        return state

    def form(self, run: str, asked: State) -> tuple[dict[str, Any], str]:
        """Return the schema and the description of the form that a suspended run shows."""
        keys = asked["state_details"]["run_input_keyset"]
        return self.get(f"/flow_runs/{run}/input/{keys['schema']}"), self.get(f"/flow_runs/{run}/input/{keys['description']}")

    def entry(self, run: str) -> RunEntry:
        """Return what the ledger says of a run."""
        return self.ledger.get_run(run_id(run))

    def runs(self, flow: str) -> list[dict[str, Any]]:
        """List the runs of a flow that nobody scheduled, oldest first."""
        asked = {"flows": {"name": {"any_": [flow]}}, "sort": "EXPECTED_START_TIME_ASC"}
        return [run for run in self.post("/flow_runs/filter", asked) if not run["auto_scheduled"]]

    def artifacts(self, run: str) -> dict[str, dict[str, Any]]:
        """Return what stands under Artifacts on the page of a run, by kind."""
        found = self.post("/artifacts/filter", {"flow_runs": {"id": {"any_": [run]}}, "sort": "CREATED_DESC"})
        return {artifact["type"]: artifact for artifact in reversed(found)}

    def deployment(self, name: str) -> dict[str, Any]:
        """Return a deployment (``gift-cards/gift-cards``)."""
        return dict(self.get(f"/deployments/name/{name}"))

    def get(self, path: str) -> Any:
        """Ask Prefect."""
        return self.api.get(path).raise_for_status().json()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """Tell Prefect."""
        return self.api.post(path, json=body).raise_for_status().json()

    def _state(self, run: str) -> State:
        return dict(self.get(f"/flow_runs/{run}")["state"])


def run_id(run: str) -> str:
    """Return the id by which we know a flow run."""
    return run.replace("-", "")[:12]


def wait_for(look: Callable[[], T], is_there: Callable[[T], object]) -> T:
    """Look until it is there.

    Raises:
        TimeoutError: With what was seen last.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    while not is_there(seen := look()):
        if time.monotonic() > until:
            raise TimeoutError(f"waited {PATIENCE_SECONDS} seconds; at last: {seen}")
        time.sleep(0.2)
    return seen
