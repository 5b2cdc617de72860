from . import cash_statement
from . import tax_check, tax_return
