"""What orders are, what they do to stock, and what they mean for a till."""
