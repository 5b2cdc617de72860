"""Payout files of marketplaces and payment providers without Odoo: read rows, sort them by kind, check their totals."""
