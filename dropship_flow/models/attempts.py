from odoo import api, fields, models

from ..healing import FAILED, tired
from .reason_text import FLOW_REASONS, _lt
from .sale_order import READERS

FLOW_REASONS.update(
    {
        "attempts": _lt(
            "%(product)s was tried %(count)s times in vain, last at %(supplier)s: look for a source, or talk to the "
            "customer."
        ),
    }
)


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_max_attempts = fields.Integer(
        string="Attempts before a Person Is Asked",
        default=4,
        groups="base.group_user",
        help="So often a line is bought by itself at another source. 0: as long as there is one.",
    )

    _dropship_max_attempts_positive = models.Constraint(
        "CHECK (dropship_max_attempts BETWEEN 0 AND 50)", "The number of attempts is between 0 and 50."
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dropship_max_attempts = fields.Integer(related="company_id.dropship_max_attempts", readonly=False)


class DropshipRouter(models.AbstractModel):
    _inherit = "dropship.router"

    @api.model
    def _refused_offers(self, order):
        """Override: who was silent, short or too dear is not asked again either; who was silent with nothing at all."""
        found = super()._refused_offers(order)
        failed = order.dropship_allocation_ids.filtered(lambda row: row.release_reason in FAILED)
        found |= set(failed.offer_id.ids)
        silent = failed.filtered(lambda row: row.release_reason == "silent").supplier_id
        if silent:
            products = order.dropship_allocation_ids.product_id | order.order_line.product_id
            offers = self.env["dropship.offer"].search(
                [("supplier_id", "in", silent.ids), ("product_id", "in", products.ids)]
            )
            found |= set(offers.ids)
        return found


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _dropship_tired(self):
        """The lines that failed so often that nothing happens by itself any more."""
        lines_sudo = self.sudo()
        return self.browse(
            line.id
            for line in lines_sudo
            if tired(
                [(row.attempt, row.release_reason) for row in line.dropship_allocation_ids],
                line.company_id.dropship_max_attempts,
            )
        )

    def _dropship_source(self):
        """Override: no endless hopping. After so many attempts a person decides about the next one."""
        if self.env.context.get("dropship_once_more"):
            return super()._dropship_source()
        stopped = self._dropship_tired()
        stopped._dropship_ask_about_attempts()
        return super(SaleOrderLine, self - stopped)._dropship_source()

    def _dropship_ask_about_attempts(self):
        """Open the question of a person for each line that is not bought any more."""
        for line_sudo in self.sudo().filtered(lambda line: line.state == "sale"):
            rows = line_sudo.dropship_allocation_ids
            if any(row.state != "released" for row in rows):
                continue
            last = rows.filtered(lambda row: row.release_reason in FAILED).sorted("id")[-1:]
            params = {
                "product": last.product_id.display_name,
                "product_id": last.product_id.id,
                "count": str(len({row.attempt for row in rows if row.release_reason in FAILED})),
                "supplier": last._source_name(),
            }
            self.env["dropship.exception"].sudo()._raise(last, "attempts", [["attempts", params]])


class DropshipException(models.Model):
    _inherit = "dropship.exception"

    @api.model
    def _exception_kinds(self):
        return [*super()._exception_kinds(), ("attempts", self.env._("No source after many attempts"))]

    @api.model
    def _verbs(self):
        return {**super()._verbs(), "attempts": ["action_once_more"]}

    @api.model
    def _verb_titles(self):
        return {**super()._verb_titles(), "action_once_more": self.env._("Try Once More")}

    def action_once_more(self):
        """Try one more source; should it fail as well, a person is asked again."""
        self.check_access("write")
        mine = self.filtered(lambda exception: exception.kind == "attempts" and exception.state == "open")
        mine._set_state("solved", solution=self.env._("Tried once more"))
        # Buying needs rights the desk does not have; whoever may write the exception decides here.
        lines_sudo = mine.sudo().allocation_id.line_id
        lines_sudo.with_context(dropship_once_more=True)._dropship_source()
        return True


class DropshipAllocation(models.Model):
    """When an attempt went out and when it ended, for the history on the order."""

    _inherit = "dropship.allocation"

    submitted_at = fields.Datetime(string="Sent On", copy=False, readonly=True)
    ended_at = fields.Datetime(string="Answered On", copy=False, readonly=True)
    answer = fields.Char(string="Outcome", compute="_compute_answer")
    answer_reason = fields.Char(string="Reason", compute="_compute_answer")

    def _set_state(self, target, **vals):
        """Override: keep when it was sent and when it was answered."""
        now = fields.Datetime.now()
        if target == "submitted":
            vals.setdefault("submitted_at", now)
        if target in ("accepted", "released"):
            vals.setdefault("ended_at", now)
        return super()._set_state(target, **vals)

    @api.depends("state", "release_reason", "release_note", "drift", "purchase_id.dropship_give_up_at")
    @api.depends_context("lang")
    def _compute_answer(self):
        states = self._state_labels()
        reasons = dict(self._fields["release_reason"]._description_selection(self.env))
        for row in self:
            row.answer = reasons.get(row.release_reason) if row.state == "released" else states.get(row.state)
            row.answer_reason = row.release_note
            if row.drift:
                row.answer_reason = self.env._("Price: %s more", row.currency_id.format(row.drift))
            if row.state == "submitted":
                leaving = row.purchase_id.sudo().dropship_give_up_at
                row.answer = self.env._("Silent, asked to cancel") if leaving else self.env._("Waits for his answer")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_history_ids = fields.One2many(
        "dropship.allocation", "order_id", string="Sourcing History", copy=False, readonly=True, groups=READERS
    )
    dropship_attempts = fields.Integer(string="Attempts", compute="_compute_dropship_attempts", groups=READERS)

    @api.depends("dropship_allocation_ids.attempt", "dropship_allocation_ids.release_reason")
    def _compute_dropship_attempts(self):
        """How often the order's lines were bought anew because a source failed, and once more; 0: never bought."""
        for order in self:
            order.dropship_attempts = max(order.sudo().dropship_allocation_ids.mapped("attempt"), default=0)
