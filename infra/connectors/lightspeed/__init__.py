"""Lightspeed Retail: the upload file for gift cards of X-Series."""
