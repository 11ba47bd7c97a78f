"""The Prefect server: its API, its UI and its schedules, for those who have its login, and told to nobody else."""

import os
import re
import sys
from functools import partial
from pathlib import Path

from infra.stack.credentials import login
from infra.stack.ports import HOST
from infra.stack.services import Service, answer
from infra.stack.state import private_folder

OURS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_DEPLOYMENTS_CONCURRENCY_SLOT_WAIT_SECONDS": "3",  # runs of one deployment follow at once
}

SAID = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')


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
        is_ready=partial(_is_ready, url, home),
        addresses={"prefect_api_url": f"{url}/api", "prefect_ui_url": url},
    )


def prefect_home(home: Path) -> Path:
    """Return where Prefect keeps its own files, away from a developer's ``~/.prefect``."""
    return home / "prefect"


def _pages(home: Path) -> Path:
    return prefect_home(home) / "pages"


def _environment(home: Path, url: str, database_url: str) -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if not _is_for_a_client(name)}
    sqlite = f"sqlite+aiosqlite:///{prefect_home(home) / 'prefect.db'}"
    return (
        kept
        | OURS
        | {
            "PREFECT_HOME": str(prefect_home(home)),
            "PREFECT_SERVER_API_AUTH_STRING": login(home),
            "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": url,
            "PREFECT_SERVER_UI_API_URL": f"{url}/api",
            "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(_pages(home)),
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": database_url.replace("+psycopg", "+asyncpg") or sqlite,
        }
    )


def _is_for_a_client(name: str) -> bool:
    return name.startswith("PREFECT_") and not name.startswith("PREFECT_SERVER_")


def _is_ready(url: str, home: Path) -> bool:
    if answer(f"{url}/api/health") != b"true":
        return False
    _keep_to_this_server(url, _pages(home))
    return True


def _keep_to_this_server(url: str, pages: Path) -> None:
    """Let Prefect's pages talk to this server only: by default they report to a service for analytics."""
    policy = f"connect-src 'self' {url} {url.replace('http', 'ws', 1)}"
    header = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    for page in pages.glob("*/index.html"):
        page.write_text(SAID.sub("", page.read_text()).replace("<head>", f"<head>{header}", 1))
