from odoo import fields, models

from .kind import GROUPS, SIDES, STAGES

# Two things may happen to a written entry: its journal item is deleted (core deletes drafts), and its whole edition is
# thrown away after another one took its place.
GUARD = """
    CREATE OR REPLACE FUNCTION dropship_profit_entry_guard() RETURNS trigger AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND NEW.move_line_id IS NULL
           AND to_jsonb(NEW) - 'move_line_id' = to_jsonb(OLD) - 'move_line_id' THEN
            RETURN NEW;
        END IF;
        IF TG_OP = 'DELETE' AND EXISTS (
           SELECT FROM dropship_profit_generation WHERE id = OLD.generation_id AND state = 'old') THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'Entries of the profit ledger are only added, never changed or removed.';
    END $$ LANGUAGE plpgsql;
    CREATE OR REPLACE TRIGGER dropship_profit_entry_guard BEFORE UPDATE OR DELETE ON dropship_profit_entry
        FOR EACH ROW EXECUTE FUNCTION dropship_profit_entry_guard();
    CREATE OR REPLACE TRIGGER dropship_profit_entry_keep BEFORE TRUNCATE ON dropship_profit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION dropship_profit_entry_guard();
"""


class DropshipProfitEntry(models.Model):
    """One booked fact of profit: a share of one journal item. Written by the collector only, never changed.

    All entries of a journal item together are its balance, turned round: income above nothing, costs below. Entries of
    one `fact_key` together are what a document says now; the last corrects the earlier.
    """

    _name = "dropship.profit.entry"
    _description = "Entry of the Profit Ledger"
    _order = "date desc, id desc"
    _rec_name = "document"
    _log_access = False

    generation_id = fields.Many2one("dropship.profit.generation", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    date = fields.Date(required=True, readonly=True, help="The day it counts on: an open one when it was written.")
    book_date = fields.Date(
        string="Day of the Document", required=True, readonly=True,
        help="Differs from the date where a closed period was corrected later.",
    )  # fmt: skip
    order_id = fields.Many2one("sale.order", readonly=True, ondelete="restrict", index="btree_not_null")
    order_line_id = fields.Many2one("sale.order.line", readonly=True, ondelete="restrict", index="btree_not_null")
    product_id = fields.Many2one("product.product", readonly=True, ondelete="restrict", index="btree_not_null")
    supplier_id = fields.Many2one("dropship.supplier", readonly=True, ondelete="restrict", index="btree_not_null")
    channel_id = fields.Many2one("dropship.sales.channel", readonly=True, ondelete="restrict", index="btree_not_null")
    customer_id = fields.Many2one("res.partner", readonly=True, ondelete="restrict", index="btree_not_null")
    country_id = fields.Many2one("res.country", readonly=True, ondelete="restrict")
    campaign_id = fields.Many2one("utm.campaign", readonly=True, ondelete="restrict", index="btree_not_null")
    kind_id = fields.Many2one("dropship.profit.kind", required=True, readonly=True, ondelete="restrict")
    kind_group = fields.Selection(GROUPS, string="Step", required=True, readonly=True)
    stage = fields.Selection(STAGES[2:], required=True, readonly=True)
    side = fields.Selection(SIDES, required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True, help="Income above nothing, costs below.")
    tax = fields.Monetary(string="Tax on It", readonly=True, help="Of invoices: beside the amount, not in it.")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    original_amount = fields.Monetary(readonly=True, currency_field="original_currency_id")
    original_currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    rate = fields.Float(string="Exchange Rate", digits=0, readonly=True, help="Our currency for one of the document's.")
    account_id = fields.Many2one(
        "account.account", string="Ledger Account", required=True, readonly=True, ondelete="restrict", index=True
    )
    move_line_id = fields.Many2one(
        "account.move.line", string="Journal Item", readonly=True, ondelete="set null", index="btree_not_null"
    )
    line_ref = fields.Integer(string="Number of the Journal Item", required=True, readonly=True, aggregator=None)
    res_model = fields.Char(string="Kind of Document", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Number of the Document", model_field="res_model", required=True, readonly=True, aggregator=None
    )
    document = fields.Char(readonly=True)
    source = fields.Char(required=True, readonly=True, help="The source that knew what it is.")
    fact_key = fields.Char(required=True, readonly=True)
    key = fields.Char(required=True, readonly=True)
    posted_at = fields.Datetime(required=True, readonly=True)

    _once = models.UniqueIndex("(generation_id, key)", "This entry was written before.")
    _by_day = models.Index("(generation_id, date)")
    _by_document = models.Index("(generation_id, res_id)")
    _of_nobody = models.Index("(generation_id) WHERE order_id IS NULL")
    _vanished = models.Index("(generation_id) WHERE move_line_id IS NULL")

    def init(self):
        self.env.cr.execute(GUARD)

    def action_open_document(self):
        """Open the document it stands for."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "res_model": self.res_model, "res_id": self.res_id, "view_mode": "form",
            "views": [(False, "form")],
        }  # fmt: skip
