"""The steps that every change goes through, whatever it is about: each a thin shell (load, decide, save)."""
