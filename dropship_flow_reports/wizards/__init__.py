from . import cash_statement
