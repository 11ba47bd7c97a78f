"""What people are told of runs, and who is: decided from how things stood and how they stand now."""
