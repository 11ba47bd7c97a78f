"""The pages for people: they start runs through Prefect, read ledger and artifacts, and decide nothing themselves."""
