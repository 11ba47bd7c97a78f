"""Inviting people: who is to be told, what the mail says, what became of everyone, and how it is told.

Nothing is sent here; how a mail leaves is the business of ``infra.mail``.
"""
