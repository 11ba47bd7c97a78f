"""Steps that only loyalty failures have: collecting them, evidence, diagnoses, worklists and decisions."""
