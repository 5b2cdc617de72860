"""A purchase goes to its supplier when the papers it needs are there: the label, the data for customs."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .reason_text import FLOW_REASONS, FLOW_WORDS, _lt, reasons_text
from .wallet_purchase import UNSENT

FLOW_REASONS.update(
    {
        "label_missing": _lt("%(purchase)s ships with a label %(maker)s: add it, and the purchase is sent by itself."),
        "label_masked": _lt(
            "The recipient of %(purchase)s is hidden, only the label of the platform names him: add it, and the "
            "purchase is sent by itself."
        ),
    }
)
FLOW_WORDS["label_missing"] = {"maker": {"us": _lt("of ours"), "platform": _lt("of the platform")}}
PAPER_KINDS = ("label_missing", "customs")


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _dropship_submit(self, approved=False):
        """Override: what misses a paper, or money in the supplier's hands, is not sent yet."""
        for order in self:
            if order._dropship_stays():
                order.dropship_approved |= approved
            else:
                super(PurchaseOrder, order)._dropship_submit(approved=approved)
        return None

    def _dropship_stays(self):
        """Whether something is missing; whoever can bring it is asked."""
        self.ensure_one()
        if self.state not in UNSENT or not self.order_line or self._dropship_is_played():
            return False
        return self._dropship_papers_stop() or self._dropship_wallet_stops()

    def _dropship_paper_problems(self):
        """{kind of hold: reasons} for what the purchase misses."""
        self.ensure_one()
        if not self.dropship_warehouse_id or not self.dropship_sale_id:
            return {}
        found = {"label_missing": self._dropship_label_problems(), "customs": self._dropship_customs_problems()}
        return {kind: reasons for kind, reasons in found.items() if reasons}

    def _dropship_papers_stop(self):
        """Hold the purchase for what it misses; holds whose cause is gone close.

        :return: whether it stays
        """
        self.ensure_one()
        problems = self._dropship_paper_problems()
        known = self.env["dropship.hold"].search([("purchase_id", "=", self.id), ("kind", "in", PAPER_KINDS)])
        known.filtered(lambda hold: hold.kind not in problems)._close("solved")
        let_go = [(hold.kind, hold.reasons) for hold in known if hold.state == "released"]
        stays = False
        for kind, reasons in problems.items():
            if (kind, reasons) in let_go and not _is_strict(reasons):
                continue
            stays = True
            self.env["dropship.hold"]._raise(self.dropship_sale_id, kind, reasons, purchase=self)
        if stays and self.dropship_send_at:
            self.dropship_send_at = False
        return stays

    def _dropship_papers_changed(self, kind):
        """A paper came: purchases that wait for one of its kind are tried again in the background."""
        waiting = (
            self.env["dropship.hold"]
            .sudo()
            .search([("purchase_id", "in", self.ids), ("kind", "=", kind), ("state", "=", "open")])
            .purchase_id.filtered(lambda order: order.state in UNSENT)
        )
        if waiting:
            waiting.dropship_send_at = fields.Datetime.now()
            self.env.ref("dropship_flow.cron_submit")._trigger()

    def write(self, vals):
        """Override: a purchase a person marks as sent himself misses no more than any other."""
        by_hand = self.browse()
        if vals.get("state") == "sent" and not self.env.context.get("dropship_internal"):
            # What the purchase needs is not a matter of the rights of whoever sends it.
            by_hand = self.sudo().filtered(
                lambda order: order.state == "draft" and order.dropship_warehouse_id and not order._dropship_is_played()
            )
        for order in by_hand:
            if problems := order._dropship_paper_problems():
                raise UserError(reasons_text(self.env, [row for reasons in problems.values() for row in reasons]))
        by_hand._dropship_refuse_by_hand_wallet()
        result = super().write(vals)
        by_hand._dropship_charge()
        return result


def _is_strict(reasons):
    return any(code == "label_masked" for code, _params in reasons)


class DropshipHold(models.Model):
    _inherit = "dropship.hold"

    @api.model
    def _hold_kinds(self):
        return [
            *super()._hold_kinds(),
            ("label_missing", self.env._("Label missing")),
            ("customs", self.env._("Customs data missing")),
        ]

    def _of_papers(self):
        return self.filtered(lambda hold: hold.kind in PAPER_KINDS)

    def _check_release_rights(self):
        """Override: sending without a paper is a buyer's risk, whatever the purchase costs."""
        papers = self._of_papers()
        if papers.sudo().filtered(lambda hold: hold.state == "open" and _is_strict(hold.reasons or [])):
            raise UserError(
                self.env._(
                    "The recipient is hidden: without the platform's label nobody knows where to. Add the label."
                )
            )
        if papers and not self.env.user.has_group("dropship_flow.group_dropship_buyer"):
            raise UserError(self.env._("Sending a purchase without its papers needs the right Dropshipping / Buyer."))
        return super(DropshipHold, self - papers)._check_release_rights()

    def action_release(self):
        """Override: what is let go without a paper is sent, but no limit is approved with it."""
        papers = self._of_papers()
        self._check_release_rights()
        result = super(DropshipHold, self - papers).action_release() if self - papers or not papers else True
        papers.check_access("read")
        holds_sudo = papers.sudo().filtered(lambda hold: hold.state == "open")
        kinds = dict(holds_sudo._hold_kinds())
        for hold_sudo in holds_sudo:
            hold_sudo.order_id._dropship_note(
                self.env._("%(kind)s: released by %(user)s.", kind=kinds[hold_sudo.kind], user=self.env.user.name)
            )
        purchases_sudo = holds_sudo.purchase_id
        holds_sudo._close("released")
        purchases_sudo._dropship_submit()
        return result

    def action_complete_papers(self):
        """Open what is missing: the products for customs, the purchase for its label."""
        self.ensure_one()
        if self.kind == "customs":
            wanted = [params.get("product_id") for code, params in self.reasons or [] if code == "customs_goods"]
            products = self.env["product.product"].browse(filter(None, wanted)).exists()
            if products:
                return {
                    "type": "ir.actions.act_window",
                    "name": self.env._("Complete for Customs"),
                    "res_model": "product.template",
                    "view_mode": "list,form",
                    "views": [
                        (self.env.ref("dropship_flow.product_template_view_list_customs").id, "list"),
                        (False, "form"),
                    ],
                    "domain": [("id", "in", products.product_tmpl_id.ids)],
                }
        if self.kind == "label_missing":
            return self.purchase_id.action_dropship_add_label()
        return {
            "type": "ir.actions.act_window",
            "res_model": "purchase.order",
            "res_id": self.purchase_id.id,
            "view_mode": "form",
        }
