"""What the shop's packages know of files already."""

try:
    from odoo.addons.dropship_flow.feeds.errors import FeedError, ValueProblem
    from odoo.addons.dropship_flow.feeds.values import decimal_mark
    from odoo.addons.dropship_flow.order_files.values import currency_of, parse_moment, parse_money, word
    from odoo.addons.dropship_flow.sheets.grid import read_grids
    from odoo.addons.dropship_flow.sheets.numbers import is_rounded
except ImportError:  # the package by itself, without the addons around it
    from feeds.errors import FeedError, ValueProblem
    from feeds.values import decimal_mark
    from order_files.values import currency_of, parse_moment, parse_money, word
    from sheets.grid import read_grids
    from sheets.numbers import is_rounded

__all__ = [
    "FeedError", "ValueProblem", "currency_of", "decimal_mark", "is_rounded", "parse_moment", "parse_money",
    "read_grids", "word",
]  # fmt: skip
