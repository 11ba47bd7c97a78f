"""Steps that only changes of a web shop have: its products, and orders that are made to sync again."""
