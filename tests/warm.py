"""What children of tests have imported before they start (see ``tests.children``)."""

from importlib import import_module

for name in ("__main__", "gift_cards", "restore", "confirm_upload"):
    import_module(f"flows.{name}")
for name in ("infra.migrations", "tests.crash.driver", "tests.engineless"):
    import_module(name)
