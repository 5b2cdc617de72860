from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class DropshipSupplierFact(models.Model):
    """One thing a supplier did, well or badly. Written once, never changed: the score is made of these."""

    _name = "dropship.supplier.fact"
    _description = "Fact About a Supplier"
    _order = "at desc, id desc"

    supplier_id = fields.Many2one("dropship.supplier", required=True, ondelete="cascade", index=True)
    warehouse_id = fields.Many2one(
        "dropship.supplier.warehouse", ondelete="set null", domain="[('supplier_id', '=', supplier_id)]"
    )
    purchase_id = fields.Many2one("purchase.order", ondelete="set null", index="btree_not_null")
    allocation_id = fields.Many2one("dropship.allocation", ondelete="set null", index="btree_not_null")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    attempt = fields.Integer(default=1)
    kind = fields.Selection(selection="_fact_kinds", required=True)
    at = fields.Datetime(required=True, default=fields.Datetime.now)
    fault = fields.Boolean(
        string="Supplier's Doing", default=True, help="Only what is the supplier's doing counts against him."
    )
    hours = fields.Float(help="Answers: how long the supplier took, his closed days left out. Late parcels: how late.")
    qty = fields.Float(string="Quantity", digits="Product Unit")
    note = fields.Char()

    _once = models.UniqueIndex(
        "(allocation_id, kind, attempt) WHERE allocation_id IS NOT NULL", "This is noted already."
    )
    _of_time = models.Index("(supplier_id, at)")

    @api.model
    def _fact_kinds(self):
        """What can be noted. Other addons extend the list; `scoring` knows what counts how."""
        return [
            ("accepted", self.env._("Accepted")),
            ("refused", self.env._("Refused")),
            ("short", self.env._("Had less than ordered")),
            ("price_raised", self.env._("Asked a higher price")),
            ("silent", self.env._("Did not answer")),
            ("answered_in", self.env._("Answered a question")),
            ("cancelled", self.env._("Cancelled after acceptance")),
            ("shipped_on_time", self.env._("Shipped in time")),
            ("shipped_late", self.env._("Shipped late")),
            ("never_shipped", self.env._("Never shipped")),
            ("false_dispatch", self.env._("Said it left, and it did not")),
            ("no_tracking", self.env._("No tracking number")),
            ("leaflet", self.env._("Put own advertising into the parcel")),
            ("wrong_goods", self.env._("Sent something else")),
            ("offence", self.env._("Other offence")),
        ]

    @api.depends("kind", "supplier_id")
    def _compute_display_name(self):
        kinds = dict(self._fact_kinds())
        for fact in self:
            fact.display_name = f"{fact.supplier_id.name or ''}: {kinds.get(fact.kind, fact.kind)}"

    @api.onchange("purchase_id")
    def _onchange_purchase_id(self):
        warehouse = self.purchase_id.dropship_warehouse_id
        if warehouse:
            self.warehouse_id, self.supplier_id = warehouse, warehouse.supplier_id

    def write(self, vals):
        """Override: facts stay as they were noted."""
        if vals:
            raise UserError(self.env._("What happened cannot be changed. Note what is right as a new fact."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.context.get("dropship_purge"):
            raise UserError(self.env._("What happened stays noted until the time to keep it is over."))

    @api.model
    def _note(self, rows, kind, fault=True, hours=None, at=None, note=False):
        """Note a fact about allocations: one insert for all, each fact once per attempt. Test orders are not noted.

        :param rows: allocations; those of no supplier are left out
        :param dict hours: {allocation id: hours}, or one number for all
        """
        rows = rows.filtered(lambda row: row.supplier_id and not row._is_for_show())
        if not rows:
            return
        rows.flush_recordset()
        at = at or fields.Datetime.now()
        values = [
            SQL(
                "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                row.supplier_id.id, row.warehouse_id.id or None, row.purchase_id.id or None, row.id,
                row.company_id.id, row.attempt, kind, at, bool(fault),
                (hours.get(row.id) if isinstance(hours, dict) else hours) or None, row.qty, note or None,
                self.env.uid, self.env.uid, self.env.cr.now(), self.env.cr.now(),
            )
            for row in rows
        ]  # fmt: skip
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dropship_supplier_fact
                       (supplier_id, warehouse_id, purchase_id, allocation_id, company_id, attempt, kind, at, fault,
                        hours, qty, note, create_uid, write_uid, create_date, write_date)
                VALUES %s
                ON CONFLICT DO NOTHING
                """,
                SQL(", ").join(values),
            )
        )
        self.invalidate_model()


class DropshipAllocation(models.Model):
    _inherit = "dropship.allocation"

    def _is_for_show(self):
        """Whether no customer waits for it: test orders and invented ones say nothing about a supplier."""
        self.ensure_one()
        return self.sudo().order_id._dropship_is_played()
