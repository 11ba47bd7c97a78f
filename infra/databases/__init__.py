"""Databases: opening, reading, writing in bulk, keeping tables up to date, and what their errors mean."""
