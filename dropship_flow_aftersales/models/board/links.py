"""What a case is about, and where else the customer was seen: the buttons on top of a case, and its side."""

from odoo import api, fields, models


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    shipment_ids = fields.Many2many("dropship.shipment", compute="_compute_linked", string="Parcels")
    claim_ids = fields.Many2many("dropship.claim", compute="_compute_linked", string="Claims")
    order_count = fields.Integer(compute="_compute_linked")
    shipment_count = fields.Integer(compute="_compute_linked")
    purchase_count = fields.Integer(compute="_compute_linked")
    claim_count = fields.Integer(compute="_compute_linked")
    credit_note_count = fields.Integer(compute="_compute_linked")
    customer_order_count = fields.Integer(string="Customer's Orders", compute="_compute_history")
    customer_case_count = fields.Integer(string="Customer's Cases", compute="_compute_history")
    customer_case_rate = fields.Float(
        string="Orders with a Case", compute="_compute_history", help="Share of the customer's orders that had a case."
    )
    customer_refunded = fields.Monetary(
        string="Refunded", compute="_compute_history", currency_field="company_currency_id"
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")

    @api.depends("line_ids.order_line_id", "case_claim_ids")
    def _compute_linked(self):
        for case in self.sudo():  # which and how many; each is opened with the rights of the reader
            case.shipment_ids = case.line_ids.order_line_id.dropship_shipment_line_ids.shipment_id
            case.claim_ids = case._claims()
            case.order_count = len(case.order_ids)
            case.shipment_count = len(case.shipment_ids)
            case.purchase_count = len(case.line_ids.purchase_line_id.order_id)
            case.claim_count = len(case.claim_ids)
            case.credit_note_count = len(case._credit_notes())

    def _claims(self):
        """Claims the case led to, or that are about its parcels."""
        self.ensure_one()
        return self.case_claim_ids | self.line_ids.order_line_id.dropship_shipment_line_ids.shipment_id.claim_ids

    def _credit_notes(self):
        """Credit notes of the orders of the case."""
        self.ensure_one()
        return self.order_ids.invoice_ids.filtered(lambda move: move.move_type == "out_refund")

    @api.depends("partner_id")
    def _compute_history(self):
        """What the customer bought from this company, what came back, and what he got back."""
        for case in self:
            customer = case.partner_id.commercial_partner_id
            of_customer = [("partner_id", "child_of", customer.id), ("company_id", "=", case.company_id.id)]
            env_sudo = self.sudo().env  # figures only
            orders = env_sudo["sale.order"].search_count([*of_customer, ("state", "=", "sale")])
            touched = env_sudo["sale.order"].search_count(
                [*of_customer, ("state", "=", "sale"), ("dropship_return_line_ids", "!=", False)]
            )
            case.customer_order_count = orders
            case.customer_case_count = env_sudo["dropship.return"].search_count(of_customer)
            case.customer_case_rate = touched / orders if orders else 0.0
            [[refunded]] = env_sudo["account.move"]._read_group(
                [*of_customer, ("move_type", "=", "out_refund"), ("state", "=", "posted")],
                aggregates=["amount_total_signed:sum"],
            )
            case.customer_refunded = -(refunded or 0.0)

    # ------------------------------------------------------------------
    # Buttons on top
    # ------------------------------------------------------------------

    @api.model
    def _open_records(self, records, name, action=None):
        """A window on records: the one itself, or a list of them."""
        window = self.env["ir.actions.act_window"]._for_xml_id(action) if action else {}
        window |= {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": records._name,
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", records.ids)],
            "context": {},
        }
        if len(records) == 1:
            window |= {"view_mode": "form", "views": [(False, "form")], "res_id": records.id}
        return window

    def action_open_orders(self):
        return self._open_records(self.order_ids, self.env._("Orders"))

    def action_open_shipments(self):
        return self._open_records(self.shipment_ids, self.env._("Parcels"))

    def action_open_purchases(self):
        return self._open_records(self.sudo().line_ids.purchase_line_id.order_id, self.env._("Purchases"))

    def action_open_claims(self):
        return self._open_records(self.claim_ids, self.env._("Claims"))

    def action_open_credit_notes(self):
        return self._open_records(self.sudo()._credit_notes(), self.env._("Credit Notes"))

    def action_open_history(self):
        """All cases of the customer."""
        self.ensure_one()
        cases = self.search([("partner_id", "child_of", self.partner_id.commercial_partner_id.id)])
        return self._open_records(cases, self.env._("Cases of %s", self.partner_id.name))
