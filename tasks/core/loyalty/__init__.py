"""How loyalty failures are read, remembered, diagnosed and listed. Pure: what is read and kept comes from outside.

From a source to a table of text is ``reports`` and ``answers``; to values, ``failures``; across days, ``sweeping``;
to what is to be done, ``deciding``.
"""
