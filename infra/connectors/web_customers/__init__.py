"""Customers in systems that are changed by their web interfaces, whichever system it is."""
