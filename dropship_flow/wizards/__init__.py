from . import line_source, purchase_refuse, route_preview, route_preview_lines, source_compare, supplier_block

from . import address_paste, change_ask  # isort: skip
from . import hold_duplicate, customer_block
from . import line_source, purchase_refuse, route_preview, route_preview_lines, source_compare, supplier_block  # isort: skip
from . import manual_hold  # isort: skip
from . import bulk, line_source, purchase_refuse, route_preview, route_preview_lines, source_compare, supplier_block
from . import charge_check, simulate_day
# isort: split
from . import first_company, first_freight, first_products, first_selling, first_supplier, test_order
