from . import supplier_returns
