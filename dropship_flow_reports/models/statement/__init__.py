from . import definition, order_sheet, reconcile, reconcile_sheet, settings, statement
