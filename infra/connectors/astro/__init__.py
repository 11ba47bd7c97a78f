"""Astro Loyalty: its API, what it knows as evidence, and its records as a target."""
