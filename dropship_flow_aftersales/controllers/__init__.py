from . import (
    return_case,
    return_choose,
    return_pages,
    return_portal,
    return_request,
    return_withdrawal,
    supplier_returns,
    supplier_returns_api,
)
