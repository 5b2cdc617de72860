"""What a supplier writes about himself when he wants to work with us: read, checked, nothing decided."""
