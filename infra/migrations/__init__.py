"""The tables of both databases, version by version.

``ledger`` is ours; ``target`` holds the records that runs change, and the target's own
journal. A released version is never edited; a change is a new file, numbered on.
"""
