"""From the bytes of a file to a table of text: what stands in it, and where.

What the text means is not judged here; that is ``tasks.core.checking``.
"""
