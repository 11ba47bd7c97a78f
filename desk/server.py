"""The desk under uvicorn: for ``counterfoil desk`` and the local stack."""

import uvicorn

from desk.application import make_application
from desk.prefect_runs import prefect_of_environment
from desk.shops import open_shops
from infra.context import working_with


def serve(host: str, port: int) -> None:
    """Serve until told to stop. Addresses of visitors are taken from the proxy's headers if it runs on this machine."""
    shops = open_shops()
    with working_with(next(iter(shops.by_name.values()))):
        application = make_application(shops, prefect_of_environment())
    uvicorn.run(application, host=host, port=port, log_level="warning", proxy_headers=True, server_header=False)
