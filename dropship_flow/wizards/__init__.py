from . import (
    address_paste,
    answer_enter,
    bulk,
    change_ask,
    charge_check,
    customer_block,
    file_upload,
    first_company,
    first_freight,
    first_products,
    first_selling,
    first_supplier,
    hold_duplicate,
    line_source,
    manual_hold,
    purchase_refuse,
    route_preview,
    route_preview_lines,
    simulate_day,
    source_compare,
    supplier_block,
    supplier_key,
    test_order,
)
from . import supplier_share

from . import exception_handle, customer_erase  # isort: skip
from . import inquiry_enter, source_compare_ask
