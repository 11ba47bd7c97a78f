"""What children of tests have imported, and once used, before they start (see ``tests.children``)."""

from importlib import import_module

import boto3
from pandera.backends.polars.register import register_polars_backends

for name in ("__main__", "gift_cards", "customers", "orders", "stock", "restore", "confirm_upload", "invite_customers"):
    import_module(f"flows.{name}")
for name in ("infra.migrations.upgrade", "tests.crash.driver", "tests.engineless"):
    import_module(name)
register_polars_backends()
boto3.client("s3", region_name="us-east-1", aws_access_key_id="none", aws_secret_access_key="none")
