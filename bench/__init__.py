"""Benchmarks: the whole chain stage by stage, beside a floor and a peer measured in the same run.

A benchmark is never a test: nothing here passes or fails by the clock.
"""
