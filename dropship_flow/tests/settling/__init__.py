"""A supplier's account in plain arithmetic: invented lives, and what must be owed after each. Knows nothing of Odoo."""
