"""The Prefect server: its API, its UI and its schedules, told to nobody outside this machine."""

import os
import sys
from functools import partial
from pathlib import Path

from infra.stack.ports import HOST
from infra.stack.services import Service, answer
from infra.stack.state import private_folder

OURS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
}


def prefect_server_service(home: Path, port: int, database_url: str = "") -> Service:
    """Return the server on the PostgreSQL at *database_url*, or on SQLite under *home* where that is empty."""
    url = f"http://{HOST}:{port}"
    return Service(
        name="server",
        command=(
            sys.executable,
            "-m",
            "prefect",
            "--no-prompt",
            "server",
            "start",
            "--host",
            HOST,
            "--port",
            str(port),
        ),
        environment=_environment(home, url, database_url),
        folder=private_folder(prefect_home(home)),
        log=home / "logs" / "server.log",
        is_ready=partial(_is_ready, url),
        start_seconds=90,
        addresses={"prefect_api_url": f"{url}/api", "prefect_ui_url": url},
    )


def prefect_home(home: Path) -> Path:
    """Return where Prefect keeps its own files, away from a developer's ``~/.prefect``."""
    return home / "prefect"


def _environment(home: Path, url: str, database_url: str) -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if not _is_for_a_client(name)}
    sqlite = f"sqlite+aiosqlite:///{prefect_home(home) / 'prefect.db'}"
    return (
        kept
        | OURS
        | {
            "PREFECT_HOME": str(prefect_home(home)),
            "PREFECT_SERVER_UI_API_URL": f"{url}/api",
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": database_url.replace("+psycopg", "+asyncpg") or sqlite,
        }
    )


def _is_for_a_client(name: str) -> bool:
    return name.startswith("PREFECT_") and not name.startswith("PREFECT_SERVER_")


def _is_ready(url: str) -> bool:
    return answer(f"{url}/api/health") == b"true"
