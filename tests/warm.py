"""What children of tests have imported, and once used, before they start (see ``tests.children``)."""

import gc
from importlib import import_module

import boto3
from pandera.backends.polars.register import register_polars_backends

import infra.http.backoff
from tasks.core.reading.currencies import codes
from tests.without_prefect_engine import WITH_STEPS

for name in (
    "cli.__main__",
    "cli.flow_runs",
    "cli.decisions",
    "cli.simulation",
    "cli.suppressions",
    *WITH_STEPS,
    "infra.migrations.upgrade",
    "tests.crash.driver",
    "anyio._backends._asyncio",
    "babel.dates",
):
    import_module(name)
infra.http.backoff.FIRST_SECONDS = 0.02  # the systems of tests are well again at once
register_polars_backends()
boto3.client("s3", region_name="us-east-1", aws_access_key_id="none", aws_secret_access_key="none")
codes()
gc.freeze()  # what is here stays, and need not be copied into every child to be counted
