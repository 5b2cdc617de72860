from . import bulk, line_source, purchase_refuse, route_preview, route_preview_lines, source_compare, supplier_block
