from . import definition, order_sheet, settings, statement
