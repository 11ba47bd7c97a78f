"""What decides about customers: how cells are read, which record a row is about, and what would change."""
