"""The worker that carries out runs, and the deployments it carries out."""

import json
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
DEPLOY = (*PREFECT, "deploy", "--all")
AUTOMATE = (sys.executable, "-m", "flows.automations")
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
        is_ready=partial(_is_online, environment["PREFECT_API_URL"], datetime.now(UTC)),
        start_seconds=90,
    )


def _deploy(log: Path, folder: Path, environment: Mapping[str, str]) -> None:
    with open_log(log) as output:
        for command, where in ((MAKE_POOL, folder), (DEPLOY, folder), (AUTOMATE, CODE)):
            done = subprocess.run(
                command, cwd=where, env=environment, stdout=output, stderr=subprocess.STDOUT, check=False
            )
            if done.returncode:
                raise FileNeedsFixing(f"The deployments of {folder / 'prefect.yaml'} did not go through. Look at {log}")


def _is_online(api_url: str, since: datetime) -> bool:
    workers = json.loads(answer(f"{api_url}/work_pools/{POOL}/workers/filter", b"{}") or b"[]")
    heard = [worker["last_heartbeat_time"] for worker in workers if worker["last_heartbeat_time"]]
    return any(datetime.fromisoformat(when) > since for when in heard)
