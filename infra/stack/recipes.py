"""Which services make up a stack, for people and for a command alone."""

import os
from dataclasses import dataclass
from pathlib import Path

from infra.settings import Settings
from infra.stack.client import Services, exported_environment
from infra.stack.desk import desk_service
from infra.stack.ports import remembered_ports
from infra.stack.postgres import find_cluster, postgres_service
from infra.stack.prefect_server import prefect_server_service
from infra.stack.seaweedfs import PORTS, seaweedfs_service
from infra.stack.services import Service
from infra.stack.worker import worker_service
from schemas.problems import Refused

ALL_PORTS = (*PORTS, "server", "database", "desk")


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """The services in order of start, those that run in any case, and what people should know."""

    services: tuple[Service, ...]
    always: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()


def embedded_recipe(home: Path, chosen: Settings) -> Recipe:
    """Return an S3 store and a Prefect server on SQLite, each started when a command asks for it."""
    ports = remembered_ports(home / "ports.json", ALL_PORTS)
    storage = seaweedfs_service(home, ports, chosen.s3_bucket)
    return Recipe(services=(storage, prefect_server_service(home, ports["server"])))


def people_recipe(home: Path, chosen: Settings, folder: Path) -> Recipe:
    """Return everything that ``make up`` runs; an S3 store or Prefect server named in the settings is used instead."""
    ports = remembered_ports(home / "ports.json", ALL_PORTS)
    storage = seaweedfs_service(home, ports, chosen.s3_bucket)
    database, url, notes = _database(home, ports["database"])
    server = prefect_server_service(home, ports["server"], url)
    services = Services.of(chosen, {**storage.addresses, **server.addresses})
    environment = {**os.environ, **exported_environment(services), "COUNTERFOIL_CODE": str(folder)}
    worker = worker_service(home, folder, environment)
    desk = desk_service(home, ports["desk"], folder, environment)
    external = _external(chosen)
    used = (storage, *database, server, desk, worker)
    return Recipe(services=used, always=frozenset(one.name for one in used) - external, notes=notes)


def _database(home: Path, port: int) -> tuple[tuple[Service, ...], str, tuple[str, ...]]:
    try:
        cluster = find_cluster(home / "postgres")
    except Refused as missing:
        return (), "", (f"Prefect keeps its records in SQLite, good for one person and slow for more. {missing}.",)
    return (postgres_service(cluster, port, home / "logs" / "database.log"),), cluster.url(port), ()


def _external(chosen: Settings) -> frozenset[str]:
    storage = {"storage"} if chosen.s3_endpoint_url else set()
    server = {"server", "database"} if os.environ.get("PREFECT_API_URL") else set()
    return frozenset(storage | server)
