"""The worker that carries out runs, and the deployments it carries out."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from infra.stack.services import Service, answer, open_log
from schemas.problems import FileNeedsFixing

POOL = "counterfoil"
CODE = Path(__file__).parents[2]
PREFECT = (sys.executable, "-m", "prefect", "--no-prompt")
MAKE_POOL = (*PREFECT, "work-pool", "create", POOL, "--type", "process", "--overwrite")
DEPLOY = (sys.executable, "-m", "cli.deployments")
AUTOMATE = (sys.executable, "-m", "cli.automations")
WORK = (*PREFECT, "worker", "start", "--pool", POOL, "--type", "process", "--name", "worker")


def worker_service(home: Path, folder: Path, environment: Mapping[str, str]) -> Service:
    """Return the worker for the deployments of ``folder/prefect.yaml``; they are deployed before it starts."""
    return Service(
        name="worker",
        command=WORK,
        environment=environment,
        folder=folder,
        log=home / "logs" / "worker.log",
        prepare=partial(_deploy, home / "logs" / "deploy.log", folder, environment),
        is_ready=partial(_is_online, environment, datetime.now(UTC)),
    )


def _deploy(log: Path, folder: Path, environment: Mapping[str, str]) -> None:
    found = {**environment, "PYTHONPATH": os.pathsep.join(filter(None, (str(CODE), environment.get("PYTHONPATH"))))}
    with open_log(log) as output:
        for command, where in ((MAKE_POOL, folder), (DEPLOY, folder), (AUTOMATE, CODE)):
            done = subprocess.run(command, cwd=where, env=found, stdout=output, stderr=subprocess.STDOUT, check=False)
            if done.returncode:
                raise FileNeedsFixing(f"The deployments of {folder / 'prefect.yaml'} did not go through. Look at {log}")


def _is_online(environment: Mapping[str, str], since: datetime) -> bool:
    asked = f"{environment['PREFECT_API_URL']}/work_pools/{POOL}/workers/filter"
    workers = json.loads(answer(asked, b"{}", authorization(environment)) or b"[]")
    heartbeats = [worker["last_heartbeat_time"] for worker in workers if worker["last_heartbeat_time"]]
    return any(datetime.fromisoformat(when) > since for when in heartbeats)


def authorization(environment: Mapping[str, str]) -> str:
    """Return the login as Prefect's own clients send it."""
    if own := environment.get("PREFECT_API_AUTH_STRING", ""):
        return f"Basic {base64.b64encode(own.encode()).decode()}"
    key = environment.get("PREFECT_API_KEY", "")
    return f"Bearer {key}" if key else ""
