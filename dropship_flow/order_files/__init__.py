"""Order files of marketplaces without Odoo: read rows, make orders of them, write what was shipped."""
