"""Measures from every origin: one entity with owner, date, money, evidence; versions of the plan."""
