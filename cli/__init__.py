"""The command line: ``counterfoil``. Its commands are made from functions; flows decide what they do."""

import gc

gc.set_threshold(200_000)  # as in flows, which this loads last
