"""The pages, a module each: what it shows as a plain record, how that is found, and what its buttons do."""
