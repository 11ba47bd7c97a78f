"""Rejected rows as files that come back: writing them, knowing them again, and telling what nobody corrected."""
