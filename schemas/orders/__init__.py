"""Orders: their records, codes, files and pages, and what the steps of their runs hand on."""
