"""How it is decided: pure functions over frames and records.

No I/O, no Prefect, no logging, no clock. Whatever is worth testing lives here.
"""
