"""What a person has to know about a case, in sentences: the band on top of it, the open offer, the money."""

from odoo import api, fields, models
from odoo.addons.dropship_flow.models.reason_text import _lt

# Flags of `casework`, in words. What is in a flag's figures stays in the history.
FLAG_WORDS = {
    "silent": _lt("The offer was not answered in time."),
    "disapproved": _lt("The supplier does not agree to take the goods back."),
    "late_answer": _lt("The supplier answered too late; it changes nothing."),
    "lost": _lt("The parcel was lost on the way back."),
    "unasked": _lt("Goods came, or are coming, that nobody asked back."),
    "too_many": _lt("More came back than was agreed."),
    "short": _lt("Less was in the parcel than was said."),
    "other_goods": _lt("Something else was in the parcel."),
    "came_after_all": _lt("Goods came after all."),
    "after_closing": _lt("Something happened after the case was closed."),
    "bad_score": _lt("The customer is not content: the case is open again."),
    "withdrawn_after_deal": _lt("The customer withdrew from the contract after something else was agreed."),
    "resolved_not_sent": _lt("He has what was agreed, and did not send the goods."),
}


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    attention = fields.Text(compute="_compute_attention", help="What a person has to know.")
    offered = fields.Char(string="On Offer", compute="_compute_offered")
    statement = fields.Html(compute="_compute_statement", sanitize=False, help="What is offered or agreed comes to.")
    supplier_terms = fields.Text(string="His Return Terms", compute="_compute_supplier_terms")
    goods_ids = fields.One2many(related="line_ids", string="Pieces")

    @api.depends("flags", "person_since", "resolution_ids.error", "resolution_ids.state", "message_at")
    @api.depends_context("lang")
    def _compute_attention(self):
        for case in self:
            said = []
            if case.person_since:
                codes = dict.fromkeys(flag[0] for flag in case.flags or ())
                said += [self.env._(FLAG_WORDS[code]) for code in codes if code in FLAG_WORDS]
            stuck = case.resolution_ids.filtered(lambda resolution: resolution.state == "person")
            said += [self.env._("Could not be carried out: %s", row.error or row.display_name) for row in stuck]
            case.attention = "\n".join(said)

    @api.depends("offer_id")
    @api.depends_context("lang")
    def _compute_offered(self):
        for case in self:
            case.offered = case._offer_words(case.offer_id.offer) if case.offer_id else False

    @api.depends("offer_id", "acceptance", "resolution_ids")
    @api.depends_context("lang")
    def _compute_statement(self):
        """What the open offer, else what was agreed last and is not done, comes to."""
        screen = self.env["dropship.return.propose"]
        for case in self:
            event = case.offer_id or case.resolution_ids.filtered(lambda row: row.state != "done")[-1:].event_id
            offer = event._offer_of(event.offer) if event.offer else None
            case.statement = screen._statement_of(case, case._quote(offer), offer.amount) if offer else False

    @api.depends("supplier_id")
    @api.depends_context("lang")
    def _compute_supplier_terms(self):
        for case in self:
            case.supplier_terms = "\n".join(case._supplier_terms_words()) if case.supplier_id else False
