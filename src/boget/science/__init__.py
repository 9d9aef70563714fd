"""The ground floor: pure Python and NumPy. No Django, no network, no clock; files are opened in ``science.io`` only."""
