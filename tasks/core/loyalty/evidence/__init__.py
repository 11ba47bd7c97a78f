"""From what Astro and the till said to evidence: one row a failure, every field an answer or null.

What the evidence means is decided in ``tasks.core.loyalty``; asking is for ``tasks.loyalty.collect_evidence``.
"""
