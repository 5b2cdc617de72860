"""What comes back in plain arithmetic: invented lives of an order, and what ought to be after each step.

Knows nothing of Odoo, nor of the packages that reckon and decide.
"""
