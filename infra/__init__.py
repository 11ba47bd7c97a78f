"""The outside: sockets, files, the environment, the clock of record.

Only this package touches any of them. It decides nothing about rows.
"""
