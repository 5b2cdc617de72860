from . import supplier_returns
from . import supplier_returns_api
from . import return_pages
from . import return_request
from . import return_case
from . import return_withdrawal
from . import return_portal
from . import return_case, return_pages, return_portal, return_request, return_withdrawal
