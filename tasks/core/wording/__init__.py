"""How counts, amounts and instants are put into words, and what is masked. Nothing here knows a report."""
