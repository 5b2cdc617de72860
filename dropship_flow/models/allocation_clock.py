from odoo import fields, models


class DropshipAllocation(models.Model):
    """When each step happened, and whether a person had to do it."""

    _inherit = "dropship.allocation"

    accepted_at = fields.Datetime(copy=False, readonly=True, index="btree_not_null")
    shipped_at = fields.Datetime(copy=False, readonly=True, index="btree_not_null")
    by_hand = fields.Boolean(
        string="Answered by Hand", copy=False, readonly=True, help="A person of ours sent it or entered the answer."
    )

    # "Bought today": rows come in the order of time, a page range says enough.
    _created = models.Index("USING brin (create_date)")

    def _set_state(self, target, **vals):
        """Override: keep the moment, and who answered."""
        if target in ("accepted", "shipped"):
            vals.setdefault(f"{target}_at", fields.Datetime.now())
        if self.env.context.get("dropship_by_hand") and target in ("submitted", "accepted", "released"):
            vals.setdefault("by_hand", True)
        back = self.filtered(lambda row: row.state == "shipped") if target == "accepted" else self.browse()
        if back:  # a dispatch that proved false cannot have been delivered
            vals["shipped_at"] = False
            back.order_id.filtered("dropship_delivered_at").dropship_delivered_at = False
        return super()._set_state(target, **vals)

    def _stage_state(self):
        """The state as the stage counts it: what was given back after a part had left is shipped."""
        self.ensure_one()
        return "shipped" if self.state == "released" and self.qty_shipped > 0 else self.state


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def action_dropship_send(self):
        """Override: a person did it."""
        return super(PurchaseOrder, self.with_context(dropship_by_hand=True)).action_dropship_send()

    def action_dropship_accept(self):
        """Override: a person did it."""
        return super(PurchaseOrder, self.with_context(dropship_by_hand=True)).action_dropship_accept()

    def button_confirm(self):
        """Override: confirmed by a person, unless the automation calls."""
        by_hand = not self.env.context.get("dropship_internal")
        return super(PurchaseOrder, self.with_context(dropship_by_hand=by_hand)).button_confirm()
