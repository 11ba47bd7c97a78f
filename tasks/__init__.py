"""What a run can do: one task a file, each a thin shell (load, decide, save) around ``tasks.core``.

Decisions do not belong here, nor does the order of steps, which is the flows'.
"""
