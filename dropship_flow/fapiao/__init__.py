"""Invoices of the Chinese tax bureau (发票): who they are for, what stands on them, what a price means with one.

Pure Python; nothing here knows Odoo.
"""
