"""What decides about the stock of a till: how a list is read and judged, and how a till begins with it."""
