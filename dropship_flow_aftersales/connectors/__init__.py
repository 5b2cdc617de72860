"""What suppliers say about returns and claims, in one form whatever the way it came. No Odoo, no database."""
