"""The desk: the pages for people, on this machine."""

import os
import subprocess
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from infra.stack.ports import HOST
from infra.stack.services import Service, answer
from infra.stack.worker import CODE

SERVE = (sys.executable, "-m", "cli", "desk", "--host", HOST, "--port")
OWN_LINK = (sys.executable, "-m", "cli.own_link")


def desk_service(home: Path, port: int, folder: Path, environment: Mapping[str, str]) -> Service:
    """Return the desk, which works with the services that *environment* points to."""
    url = f"http://{HOST}:{port}"
    return Service(
        name="desk",
        command=(*SERVE, str(port)),
        environment=_finding_code(environment),
        folder=folder,
        log=home / "logs" / "desk.log",
        is_ready=partial(_is_ready, url),
        addresses={"desk_url": url},
    )


def own_link(folder: Path, environment: Mapping[str, str]) -> str:
    """Return a link by which whoever runs this stack signs in, once; empty where there is none to be had."""
    done = subprocess.run(
        OWN_LINK, cwd=folder, env=_finding_code(environment), capture_output=True, text=True, check=False
    )
    return done.stdout.strip()


def _is_ready(url: str) -> bool:
    return answer(f"{url}/healthz") == b"ok"


def _finding_code(environment: Mapping[str, str]) -> dict[str, str]:
    paths = os.pathsep.join(filter(None, (str(CODE), environment.get("PYTHONPATH"))))
    return {**environment, "PYTHONPATH": paths}
