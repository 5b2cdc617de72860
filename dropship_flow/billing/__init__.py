"""How much of an order may be invoiced now. Pure: no Odoo here."""
