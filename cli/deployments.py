"""Deploy what ``prefect.yaml`` says, and leave schedules on or off as people switched them.

``prefect deploy --all`` alone would switch every schedule back to what the file says, at each start of the worker.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from prefect.client.orchestration import get_client

from infra.settings import read_installation
from infra.shop_deployments import deployments_of

FILE = Path("prefect.yaml")
Switched = dict[tuple[str, str], bool]
"""Whether a schedule is on, by the name of its deployment and its own (its slug)."""


def as_switched(document: dict[str, Any], switched: Switched) -> dict[str, Any]:
    """Return *document* with every schedule that is known already on or off as it is; a new one stays as it says."""
    deployments = [
        one | {"schedules": [_as_is(one["name"], schedule, switched) for schedule in one["schedules"]]}
        if one.get("schedules")
        else one
        for one in document["deployments"]
    ]
    return document | {"deployments": deployments}


def _as_is(deployment: str, schedule: dict[str, Any], switched: Switched) -> dict[str, Any]:
    known = switched.get((deployment, schedule.get("slug", "")))
    return schedule if known is None else schedule | {"active": known}


def _switched() -> Switched:
    with get_client(sync_client=True) as client:
        found = client.read_deployments(limit=200)
        return {(one.name, schedule.slug or ""): schedule.active for one in found for schedule in one.schedules}


def main() -> int:
    """Deploy all that the file in this folder names; return what ``prefect deploy`` returns."""
    declared = yaml.safe_load(FILE.read_text())
    document = declared | {"deployments": deployments_of(declared["deployments"], read_installation())}
    document = as_switched(document, _switched())
    with TemporaryDirectory() as folder:
        written = Path(folder, FILE.name)
        written.write_text(yaml.safe_dump(document, sort_keys=False))
        command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all", "--prefect-file", str(written)]
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
