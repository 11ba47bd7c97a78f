"""How a run is told: page, workbook, Markdown, text and JSON, all from the same counts."""
