"""A shop's database as a target: records, the journal of what was done, the sales and the stock of a till."""
