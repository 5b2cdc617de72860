from . import supplier_returns
from . import supplier_returns_api
