"""Schedules: what a person switched on or off in Prefect stays so, whenever the worker starts."""

import json
import os
import subprocess
import sys

import pytest
import yaml

from cli.deployments import as_switched
from infra.stack.startup import CODE
from tests.flows.people import People

NIGHTLY = {"cron": "30 3 * * *", "slug": "nightly", "active": True}
FOLLOWING = {"cron": "*/15 * * * *", "slug": "following", "active": False}


@pytest.mark.parametrize(
    ("switched", "active"),
    [
        ({}, (True, False)),
        ({("one", "nightly"): False}, (False, False)),
        ({("one", "following"): True}, (True, True)),
        ({("one", "nightly"): True, ("one", "following"): False}, (True, False)),
        ({("another", "nightly"): False}, (True, False)),
        ({("one", "an-older-one"): False}, (True, False)),
    ],
)
def test_a_schedule_is_as_people_switched_it_and_a_new_one_as_the_file_says(switched, active):
    document = {"name": "shop", "deployments": [{"name": "one", "schedules": [NIGHTLY, FOLLOWING]}, {"name": "two"}]}
    one, two = as_switched(document, switched)["deployments"]

    assert tuple(schedule["active"] for schedule in one["schedules"]) == active
    assert [schedule["cron"] for schedule in one["schedules"]] == [NIGHTLY["cron"], FOLLOWING["cron"]]
    assert two == {"name": "two"}


@pytest.mark.server
@pytest.mark.slow
def test_what_was_switched_in_prefect_stays_when_the_deployments_are_made_again(people: People) -> None:
    def switch(name: str) -> bool:
        deployment = people.deployment(name)
        (schedule,) = deployment["schedules"]
        path = f"/deployments/{deployment['id']}/schedules/{schedule['id']}"
        people.api.patch(path, json={"active": not schedule["active"]}).raise_for_status()
        return not schedule["active"]

    names = ("inbox/inbox", "sync-orders/sync-orders")
    switched = {name: switch(name) for name in names}
    try:
        assert switched == {"inbox/inbox": False, "sync-orders/sync-orders": True}
        api = {"PREFECT_API_URL": str(people.api.base_url).rstrip("/"), "PREFECT_API_AUTH_STRING": people.login}
        deploy = [sys.executable, "-m", "cli.deployments"]
        subprocess.run(deploy, cwd=CODE, env={**os.environ, **api, "COUNTERFOIL_CODE": str(CODE)}, check=True)
        assert {name: people.deployment(name)["schedules"][0]["active"] for name in names} == switched
    finally:
        for name in names:
            switch(name)


@pytest.mark.server
@pytest.mark.slow
def test_the_doctor_finds_worker_deployments_and_schedules_of_a_running_stack(people: People) -> None:
    ended = people.type("cli", "doctor", "--json")

    said = {check["what"]: check for check in json.loads(ended.stdout)["checks"] if check["system"] == "Prefect"}
    assert (said["server"]["state"], said["worker"]["state"], said["deployments"]["state"]) == ("works",) * 3, said
    declared = yaml.safe_load((CODE / "prefect.yaml").read_text())["deployments"]
    scheduled = sum(len(each.get("schedules", ())) for each in declared)
    assert said["schedules"]["says"].startswith(f"{scheduled} schedules"), said
