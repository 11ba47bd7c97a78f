"""What would change: changes, their totals and limits, the plan's id, the way back, and how changes settle."""
