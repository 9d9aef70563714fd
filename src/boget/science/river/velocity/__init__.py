"""Velocity of the water, one formula per module; each gives m/s and its exponent d ln U / d ln Q."""
