"""Where things lie in the bucket. Their keys are the same in every shop; a shop of a group has its own part of it."""

from dataclasses import dataclass

INBOX = "inbox/"


@dataclass(frozen=True)
class BucketPlaces:
    """The places of one shop of a group (``inbox/<shop>/...``, else ``shops/<shop>/...``), or of the only shop."""

    shop: str = ""

    def place_of(self, key: str) -> str:
        """Return where a key lies."""
        if not self.shop:
            return key
        return f"{INBOX}{self.shop}/{key[len(INBOX) :]}" if key.startswith(INBOX) else f"shops/{self.shop}/{key}"

    def key_at(self, place: str) -> str:
        """Return the key of what lies there."""
        if not self.shop:
            return place
        inbox = f"{INBOX}{self.shop}/"
        return f"{INBOX}{place[len(inbox) :]}" if place.startswith(inbox) else place.removeprefix(f"shops/{self.shop}/")
