"""Steps that only the stock of a till has: how it begins, and how it is backed up."""
