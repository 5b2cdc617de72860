from . import tax_check, tax_return
