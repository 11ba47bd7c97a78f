"""Prefect: its server, its worker, and the deployments and schedules that run without a person."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from infra.clock import now
from infra.health.checks import Asked, Attention
from infra.settings import read_installation
from infra.shop_deployments import deployments_of
from infra.stack.services import answer
from infra.stack.worker import CODE, POOL, authorization
from schemas.problems import Refused, Unavailable
from tasks.core.wording.words import counted

_SILENT_AFTER = timedelta(minutes=2)
_COMMANDS_ONLY = "each command runs by itself, and nothing runs by night. That takes a worker (make up)."
Environment = Mapping[str, str]


def questions(environment: Environment) -> Iterator[Asked]:
    """List what is asked of the server that *environment* names, if it names one."""
    if environment.get("PREFECT_API_URL"):
        yield Asked(system="Prefect", what="server", ask=lambda: _server(environment))
        yield Asked(system="Prefect", what="worker", ask=lambda: _worker(environment))
        yield Asked(system="Prefect", what="deployments", ask=lambda: _deployments(environment))
        yield Asked(system="Prefect", what="schedules", ask=lambda: _schedules(environment))


def _ask(environment: Environment, path: str, body: bytes | None = None) -> Any:
    url = environment["PREFECT_API_URL"]
    said = answer(f"{url}{path}", body, authorization(environment))
    if said is None:
        raise Unavailable(
            f"The Prefect server at {url} did not answer, or not to us. Start it (make up), or correct PREFECT_API_URL "
            "and PREFECT_API_AUTH_STRING."
        )
    return json.loads(said)


def _server(environment: Environment) -> str:
    theirs, ours = _ask(environment, "/admin/version"), version("prefect")
    if theirs != ours:
        raise Attention(f"the server is of version {theirs}, this program knows {ours}. Bring both to {ours}.")
    return f"{environment['PREFECT_API_URL']} answers (version {theirs})"


def _worker(environment: Environment) -> str:
    if POOL not in {pool["name"] for pool in _ask(environment, "/work_pools/filter", b"{}")}:
        raise Attention(f"no worker was ever started: {_COMMANDS_ONLY}")
    workers = _ask(environment, f"/work_pools/{POOL}/workers/filter", b"{}")
    seen = [datetime.fromisoformat(each["last_heartbeat_time"]) for each in workers if each["last_heartbeat_time"]]
    online = [at for at in seen if now() - at <= _SILENT_AFTER]
    if not online:
        raise Refused(f"No worker of the pool {POOL} is online: runs wait, schedules do nothing. Start one (make up).")
    return f"{counted(len(online), 'worker')} of the pool {POOL} online"


def _deployments(environment: Environment) -> str:
    there = {each["name"] for each in _deployed(environment)}
    if not there:
        raise Attention(f"nothing is deployed: {_COMMANDS_ONLY}")
    missing = sorted(each["name"] for each in _declared() if each["name"] not in there)
    if missing:
        raise Refused(f"Not deployed: {', '.join(missing)}. Start the worker again (make up): it deploys them.")
    return f"all {len(_declared())} deployments of prefect.yaml are there"


def _schedules(environment: Environment) -> str:
    switched = {
        (each["name"], schedule["slug"]): schedule["active"]
        for each in _deployed(environment)
        for schedule in each["schedules"]
    }
    named = [(each["name"], one["slug"]) for each in _declared() for one in each.get("schedules", ())]
    if not switched:
        raise Attention(f"there are none: {_COMMANDS_ONLY}")
    missing = sorted(f"{name} ({slug})" for name, slug in named if (name, slug) not in switched)
    if missing:
        raise Refused(f"No such schedule: {', '.join(missing)}. Start the worker again (make up).")
    off = sorted(name for (name, slug), active in switched.items() if not active)
    if off:
        raise Attention(f"{counted(len(named), 'schedule')}; switched off: {', '.join(off)}")
    return f"{counted(len(named), 'schedule')}, all on"


def _declared() -> list[dict[str, Any]]:
    declared = yaml.safe_load(Path(CODE, "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    return deployments_of(declared, read_installation())


def _deployed(environment: Environment) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = _ask(environment, "/deployments/filter", b"{}")
    return found
