"""Free local ports, remembered so that bookmarks and links outlive a restart."""

import json
import random
import socket
from pathlib import Path

HOST = "127.0.0.1"
OURS = range(20_000, 32_000)  # below the ports that systems give to outgoing connections
RANDOM = random.SystemRandom()


def remembered_ports(file: Path, names: tuple[str, ...]) -> dict[str, int]:
    """Return a free port for each name: the one of last time unless something else took it."""
    known: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
    ports: dict[str, int] = {}
    for name in names:
        last = known.get(name, 0)
        ports[name] = last if _is_free(last) else free_port(set(known.values()) | set(ports.values()))
    file.write_text(json.dumps(known | ports, indent=1))
    return ports


def free_port(taken: set[int]) -> int:
    """Return a port nobody listens on and that is not among *taken*."""
    while True:
        port = RANDOM.choice(OURS)
        if port not in taken and _is_free(port):
            return port


def answers(port: int) -> bool:
    """Return whether something listens on the local *port*."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return port != 0
