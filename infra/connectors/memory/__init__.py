"""A target in this process's memory: the reference that every other one is compared with."""
