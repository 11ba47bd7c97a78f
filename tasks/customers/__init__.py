"""Steps that only customers have: both directions of a register, and uploads that a person carries."""
