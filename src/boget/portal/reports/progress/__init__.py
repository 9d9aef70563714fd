"""The progress report: one context, four forms of paper made from it.

``build`` reads the database into a `context.ProgressContext`; ``deck`` lays it out; the ``*_file`` modules write it.
"""
