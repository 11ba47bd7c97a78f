"""Rows as files that other systems read; what stands in them is decided elsewhere."""
