"""What decides about gift cards: how their cells are read and judged, and what would change."""
