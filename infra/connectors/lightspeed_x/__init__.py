"""Lightspeed Retail (X-Series): its API, how we are let in, how fast it may be asked, and its records as targets."""
