"""Border package: speaks with foreign systems. Knows HTTP, nothing of orders."""
