"""What Prefect's server knows of a run: what anybody who may look at Prefect may read."""

import json

import httpx

from tests.desk import Desk


def prefect_tells(desk: Desk, run_id: str) -> str:
    """Return everything that Prefect's server says of the run: its states, parameters, logs and artifacts."""
    url, (user, _, password) = (
        desk.environment["PREFECT_API_URL"],
        desk.environment["PREFECT_API_AUTH_STRING"].partition(":"),
    )
    with httpx.Client(base_url=url, auth=(user, password), trust_env=False, timeout=30) as api:
        flow_runs = api.post("/flow_runs/filter", json={"sort": "START_TIME_DESC"}).raise_for_status().json()
        run = next(found for found in flow_runs if found["id"].replace("-", "").startswith(run_id))
        mine = {"flow_runs": {"id": {"any_": [run["id"]]}}}
        found = {name: api.post(f"/{name}/filter", json=mine).json() for name in ("task_runs", "artifacts")}
        found["logs"] = api.post("/logs/filter", json={"logs": {"flow_run_id": {"any_": [run["id"]]}}}).json()
        found["states"] = api.get("/flow_run_states/", params={"flow_run_id": run["id"]}).json()
    assert len(found["task_runs"]) >= 5 and found["artifacts"] and found["states"]
    return json.dumps([run, found], ensure_ascii=False)
