"""Adapters: the only modules of the science floor that open files."""
