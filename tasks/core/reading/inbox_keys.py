"""Keys of inbox files: which of them every S3 store takes as people type them, and what file one is about."""

from schemas.problems import FileNeedsFixing

LONGEST_KEY_BYTES = 900
LONGEST_SEGMENT_BYTES = 255
_HANDED_IN = "by-hand/"
NEVER_IN_A_FILE_NAME = set('\\<>:"|?*')  # no system lets people save a file with these


def safe_key(text: str) -> str:
    """Return *text*, a key that a person typed, if every S3 store takes it as it is.

    Raises:
        FileNeedsFixing: It leads outside its folder or holds what a file name cannot.
    """
    parts = text.split("/")
    plain = text.isprintable() and not NEVER_IN_A_FILE_NAME & set(text)
    inside = not {"", ".", ".."} & set(parts)
    short = plain and len(text.encode()) <= LONGEST_KEY_BYTES
    if not (inside and short and all(len(part.encode()) <= LONGEST_SEGMENT_BYTES for part in parts)):
        raise FileNeedsFixing(
            f"{text[:100]!a} cannot be the name of a file in the inbox. Write it like inbox/gift cards 2026.csv: "
            "folders and a file name, with / between, without '..' and without any of " + r'\ < > : " | ? *'
        )
    return text


def file_named(source: str) -> str:
    """Return what names a file for people: uploads of it lie each in a folder of its own."""
    return source.rpartition("/")[2] if _HANDED_IN in source else source


def stands_for(later: str, earlier: str) -> bool:
    """Say whether a file is an earlier one, put right: what people hand in stands for any file of its name."""
    return file_named(later) == (earlier.rpartition("/")[2] if _HANDED_IN in later else file_named(earlier))
