"""Steps that only gift cards have: reading the file, and comparing it with the till."""
