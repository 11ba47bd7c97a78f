"""Databases: opening, reading, writing in bulk, and what their errors mean."""
