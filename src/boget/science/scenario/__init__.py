"""The conductor: a scenario and the ports through which it reads the world give an outcome."""
