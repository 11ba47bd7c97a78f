"""The command line: ``counterfoil``. What it does is decided by flows and ``tasks.core``; here it is asked and told."""
