from . import line_source, purchase_refuse, route_preview, route_preview_lines, source_compare, supplier_block

# isort: split
from . import first_company, first_freight, first_products, first_selling, first_supplier, test_order
