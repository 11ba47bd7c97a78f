"""Speaking HTTP with web interfaces: one transport, its pace and retries, signatures, and pages that are no data."""
