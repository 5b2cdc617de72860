"""The spreadsheet dashboards, written down once for the live and the sample file.

Pure Python; nothing here knows Odoo. `cd dropship_flow_reports && python3 -m dashboards` writes the files of
`data/files` anew; a test holds them to what is written here.
"""
