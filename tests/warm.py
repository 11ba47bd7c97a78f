"""What children of tests have imported before they start (see ``tests.children``)."""

import tests.crash.driver
import tests.engineless  # noqa: F401 - imported to be there
