"""The command line: ``counterfoil``. Its commands are made from functions; flows decide what they do."""
