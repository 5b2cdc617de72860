"""What a sales channel keeps of an order, without Odoo."""
