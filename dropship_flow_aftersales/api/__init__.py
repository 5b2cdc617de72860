"""What suppliers' programs may ask and say about returns and claims, and its description."""
