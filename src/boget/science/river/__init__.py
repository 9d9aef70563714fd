"""Rivers: the network, and what travels down it."""
