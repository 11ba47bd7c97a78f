"""Lightspeed eCom (C-Series): its REST interface, its customers as a target, and its mail about passwords."""
