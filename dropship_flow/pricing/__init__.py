"""What things cost at the door and what they should sell for. Pure Python: no Odoo, no database, no clock."""
