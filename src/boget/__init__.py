"""Boget: national register, hazard ranking and working desk for tailings safety."""

__version__ = "0.1.0"
