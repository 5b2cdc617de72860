from . import costs_ad_upload
from . import cash_statement
from . import tax_check, tax_return
