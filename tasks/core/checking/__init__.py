"""From a table of text to values: every row is checked, and every bad cell is named."""
