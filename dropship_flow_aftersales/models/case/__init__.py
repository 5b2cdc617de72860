from . import (  # isort: skip_file - a model comes before what extends it
    reason,
    case,
    case_line,
    event,
    life,
    clock,
    resolution,
    sale_order,
)
