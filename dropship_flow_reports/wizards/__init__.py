from . import cash_statement, costs_ad_upload, tax_check, tax_return
