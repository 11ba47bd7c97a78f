"""A database of the user's own as a target: a mapping file says which table and columns hold what."""
