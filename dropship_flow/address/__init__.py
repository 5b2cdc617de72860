"""Postal addresses without Odoo: read a pasted one, judge whether it can be delivered, freeze it, match it."""
