from . import line_source, purchase_refuse, route_preview, route_preview_lines, source_compare, supplier_block
from . import charge_check, simulate_day
