"""What is left of a customer in cases: after the time to keep it, or when he asks, his words and photos are gone."""

from odoo import api, fields, models
from odoo.addons.dropship_flow.address import redact
from odoo.exceptions import UserError

# A claim in these states is settled: its photos prove nothing any more.
SETTLED = ("paid", "refused", "cancelled")
PUBLIC = ("comment", "email", "email_outgoing")


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    forgotten_at = fields.Datetime(
        string="Customer Forgotten On",
        readonly=True,
        copy=False,
        help="Since then the words and photos of the customer are gone. What was agreed and paid stays.",
    )

    @api.model
    def _to_forget(self, company, before, limit):
        """Closed cases whose time is over. Those with a claim that is not settled wait for it."""
        return self.search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "closed"),
                ("closed_at", "<", before),
                ("forgotten_at", "=", False),
                ("case_claim_ids", "not any", [("state", "not in", SETTLED)]),
            ],
            limit=limit,
            order="id",
        )

    def _forget(self):
        """Take out what the customer wrote and showed, here and in what suppliers were told. Runs as the system."""
        for case in self:
            case._forget_photos()
            known = redact.tokens(case.partner_id._dropship_ship_to())
            for side in case.side_ids:
                side._forget(known)
            case._forget_words(case.message_ids)
            case.event_ids.filtered("text").with_context(dropship_forget=True).write({"text": redact.GONE})
            case.line_ids.filtered("note").write({"note": redact.GONE})
        self.env["dropship.return.news"].search([("return_id", "in", self.ids)]).email = False
        self.filtered("note").note = redact.GONE
        self.write({"forgotten_at": fields.Datetime.now()})

    def _forget_photos(self):
        self.ensure_one()
        parcels = self.parcel_ids
        files = self.line_ids.photo_ids | parcels.photo_ids | parcels.label_id | self._public_messages().attachment_ids
        files.unlink()

    @api.model
    def _forget_words(self, messages):
        """What was written to and by the customer; notes of the house stay."""
        messages.filtered(lambda one: one.message_type in PUBLIC and not one.is_internal).write({"body": redact.GONE})


class DropshipReturnSide(models.Model):
    _inherit = "dropship.return.side"

    def _forget(self, known):
        """:param known: texts that say who the customer was"""
        self.ensure_one()
        (self.photo_ids | self.label_id).unlink()
        self.content = redact.scrub(self.content, known) if self.content else self.content
        for message in self.exchange_ids.filtered(lambda one: not one.scrubbed_at):
            message._scrub(known)


class DropshipReturnWithdrawal(models.Model):
    _inherit = "dropship.return.withdrawal"

    forgotten_at = fields.Datetime(string="Customer Forgotten On", readonly=True, copy=False)

    def _forget(self):
        """That and when somebody withdrew stays, with the order; who it was does not. Runs as the system."""
        for statement in self:
            self.env["dropship.return"]._forget_words(statement.message_ids)
            vals = {"email": redact.GONE, "text": False, "forgotten_at": fields.Datetime.now()}
            statement.write({"name": redact.initials(statement.name) or redact.GONE, **vals})


class DropshipRetention(models.Model):
    _inherit = "dropship.retention"

    @api.model
    def _kept(self):
        """Override: cases, too."""
        return [*super()._kept(), ("case", self.env._("Words and photos of closed cases, withdrawals"))]

    @api.model
    def _purge_case(self, company, before, limit):
        cases = self.env["dropship.return"]._to_forget(company, before, limit)
        cases._forget()
        done = [("state", "=", "done"), ("at", "<", before), ("forgotten_at", "=", False)]
        rest = limit - len(cases)
        statements = self.env["dropship.return.withdrawal"]
        statements = statements.search([("company_id", "=", company.id), *done], limit=rest) if rest else statements
        statements._forget()
        return len(cases) + len(statements)


class DropshipCustomerErase(models.TransientModel):
    _inherit = "dropship.customer.erase"

    case_text = fields.Char(string="His Cases", compute="_compute_case_text", help="His words and photos in them.")

    @api.depends("partner_id")
    def _compute_case_text(self):
        for wizard in self:
            wizard.case_text = ", ".join(wizard._cases().mapped("name"))

    def _cases(self):
        """The cases of the customer and his addresses, in the companies of the reader."""
        self.ensure_one()
        people = self.env["res.partner"].with_context(active_test=False)
        ids = people.search([("id", "child_of", self.partner_id.ids)]).ids if self.partner_id else []
        domain = [("partner_id", "in", ids), ("company_id", "in", self.env.companies.ids)]
        return self.env["dropship.return"].sudo().search(domain)  # whoever erases need not work on cases

    def action_erase(self):
        """Override: what he wrote and showed in cases goes as well."""
        self.ensure_one()
        cases_sudo = self._cases()
        busy = cases_sudo.filtered(
            lambda case: case.state == "open" or any(one.state not in SETTLED for one in case.case_claim_ids)
        )
        if busy:
            raise UserError(
                self.env._(
                    "%(customer)s has cases that are not settled: %(cases)s. Close them and their claims, then erase.",
                    customer=self.partner_id.display_name,
                    cases=", ".join(busy.mapped("name")),
                )
            )
        result = super().action_erase() if self.purchase_ids or not cases_sudo else self._erase_without_suppliers()
        cases_sudo._forget()
        statements_sudo = self.env["dropship.return.withdrawal"].sudo()
        mine = [("order_id.partner_id", "child_of", self.partner_id.ids), ("forgotten_at", "=", False)]
        statements_sudo.search([*mine, ("company_id", "in", self.env.companies.ids)])._forget()
        return result

    def _erase_without_suppliers(self):
        """No supplier has anything: only cases are to be cleared."""
        self.check_access("write")
        if not self.env.user.has_group("dropship_flow.group_dropship_manager"):
            raise UserError(self.env._("Only a dropshipping manager can erase a customer's data."))
        return {"type": "ir.actions.act_window_close"}
