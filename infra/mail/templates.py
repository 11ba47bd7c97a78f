"""Mail templates of the shop's own, from the folder that the settings name."""

from pathlib import Path


def own_templates(folder: Path | None) -> dict[str, str]:
    """Return the templates in *folder* by their file names; none without a folder."""
    return {file.name: file.read_text("utf-8") for file in sorted(folder.glob("*.j2"))} if folder else {}
