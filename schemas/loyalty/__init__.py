"""Loyalty failures: their records, codes, reports, evidence and actions, and what the steps of a sweep hand on."""
