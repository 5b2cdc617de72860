"""What a supplier types on his pages, in our words. Knows neither Odoo nor a database."""
