"""People, organisations with their dates and successors, roles, and signing in."""
