"""Tracking services at the border: each speaks its own language outside and `said` inside. No Odoo here."""
