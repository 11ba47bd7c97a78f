"""The command that serves the desk."""

from cli.answers import Answer
from infra.systems import open_installation


def desk(*, host: str = "127.0.0.1", port: int = 8765) -> Answer:
    """Serve the desk, the pages for people, until told to stop; behind a proxy that speaks HTTPS to them.

    Args:
        host: The address to listen on.
        port: The port to listen on.
    """
    with open_installation("server"):
        from desk.server import serve  # noqa: PLC0415 - Prefect reads where its server is when it is imported

        serve(host, port)
    return {"stopped": True}, "The desk has stopped.", 0
