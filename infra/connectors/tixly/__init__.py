"""Tixly: its interface for reading customers."""
