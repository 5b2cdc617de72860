"""Where a case stands on the board of the agents, and what a card shows of it."""

from odoo import api, fields, models

# In the order of the work.
COLUMNS = [
    ("judge", "To Judge"),
    ("ours", "Our Turn"),
    ("inspect", "To Inspect"),
    ("carry", "To Carry Out"),
    ("customer", "Waiting for Customer"),
    ("supplier", "Waiting for Supplier"),
    ("way", "Goods on the Way"),
    ("done", "Done"),
]
# Which of them wait for one of us.
OURS = ("judge", "ours", "inspect", "carry")


def column_of(case):
    """The column of a case, from what its events made of it.

    :param case: anything with the stored fields the board column depends on
    :return: a code of COLUMNS
    """
    if case.state == "closed":
        return "done"
    if case.person_since or case.message_at or case.stage in ("unasked", "our_turn", "not_sent"):
        return "ours"
    said = {"asked": "judge", "your_turn": "customer", "refused": "done", "cancelled": "done", "done": "done"}
    return said.get(case.stage) or _column_of_agreed(case)


def _column_of_agreed(case):
    """Something is agreed: who has the next step with the goods, or with the money."""
    if case.approval == "refused":
        return "ours"
    if case.approval == "waiting" or case.due_by == "supplier":
        return "supplier"
    if case.stage == "send":
        return "customer"
    if case.due_what == "inspect" or case.stage == "arrived":
        return "inspect"
    return "way" if case.stage in ("on_the_way", "partly") else "carry"


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    board_column = fields.Selection(
        COLUMNS, string="Board", compute="_compute_board_column", store=True, group_expand="_expand_board_column"
    )
    # The first line stands for the case where there is room for one only.
    product_id = fields.Many2one("product.product", compute="_compute_first", store=True, index="btree_not_null")
    reason_id = fields.Many2one("dropship.return.reason", compute="_compute_first", store=True, index="btree_not_null")
    supplier_id = fields.Many2one("dropship.supplier", compute="_compute_first", store=True, index="btree_not_null")
    amount_asked = fields.Monetary(
        string="Value", compute="_compute_first", store=True, help="What the customer paid for the pieces he asks for."
    )
    contents = fields.Char(string="In Short", compute="_compute_contents", help="What it is about, in short.")

    _board_columns = models.Index("(company_id, board_column, due_at, id)")

    @api.depends("state", "stage", "approval", "due_what", "due_by", "person_since", "message_at")
    def _compute_board_column(self):
        for case in self:
            case.board_column = column_of(case)

    @api.model
    def _expand_board_column(self, columns, _domain):
        """The board always shows the columns of the work; what is done only where it was asked for."""
        return [code for code, _word in COLUMNS if code != "done" or code in columns]

    @api.depends("line_ids.qty", "line_ids.order_line_id", "line_ids.reason_id", "line_ids.supplier_id")
    def _compute_first(self):
        for case in self.sudo():  # prices of the order, which not everyone who opens a case reads
            first = case.line_ids[:1]
            case.product_id = first.product_id
            case.reason_id = first.reason_id
            case.supplier_id = case.line_ids.supplier_id[:1]
            case.amount_asked = sum(line.qty * line.order_line_id.price_reduce_taxinc for line in case.line_ids)

    @api.depends("line_ids.qty", "line_ids.product_id")
    def _compute_contents(self):
        self.line_ids.product_id.mapped("name")  # read for all cases at once
        for case in self:
            goods = [f"{line.qty:g} × {line.product_id.name}" for line in case.line_ids[:2]]
            more = len(case.line_ids) - len(goods)
            case.contents = ", ".join(goods) + (f" +{more}" if more > 0 else "")
