"""Sheets that go between a shop and its suppliers as files: orders out, numbers of parcels and answers back.

Pure Python beside openpyxl: rows of text in, bytes out, and the other way round. Nothing in a file is ever computed,
guessed or completed: what a cell does not say clearly is given back with its row and the reason.
"""
