"""Looking at a supplier's application: what it would change, and the one step that makes it count."""

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..joining.form import mail

# field of the application: field of the contact
CONTACT = {
    "name": "name", "registration": "company_registry", "phone": "phone", "website": "website", "street": "street",
    "street2": "street2", "zip": "zip", "city": "city", "state_id": "state_id", "country_id": "country_id",
}  # fmt: skip
SUPPLIER = {"channel_type": "channel_type", "currency_id": "currency_id", "order_way": "order_way"}
WAREHOUSE = {
    "wh_name": "name", "wh_street": "street", "wh_zip": "zip", "wh_city": "city", "wh_state_id": "state_id",
    "wh_country_id": "country_id", "tz": "tz", "cut_off": "cut_off", "handling_days": "handling_days",
}  # fmt: skip
RETURNS = {
    "return_name": "name", "return_street": "street", "return_zip": "zip", "return_city": "city",
    "return_country_id": "country_id", "return_phone": "phone",
}  # fmt: skip


class DropshipSupplierApplication(models.Model):
    _inherit = "dropship.supplier.application"

    difference = fields.Html(compute="_compute_difference", sanitize=False, help="What accepting changes.")
    bank_is_new = fields.Boolean(
        string="Bank Account Changes", compute="_compute_bank_is_new", groups="dropship_flow.group_dropship_buyer"
    )

    # ------------------------------------------------------------------
    # What is there already
    # ------------------------------------------------------------------

    @api.model
    def _known(self, supplier):
        """What we know of a supplier, as the form has it."""
        partner, warehouse = supplier.partner_id, supplier.warehouse_ids[:1]
        returns = warehouse.return_partner_id
        values = {}
        for names, record in ((CONTACT, partner), (SUPPLIER, supplier), (WAREHOUSE, warehouse), (RETURNS, returns)):
            for name, field in names.items():
                value = record[field] if record else False
                values[name] = value.id if isinstance(value, models.BaseModel) else value
        contact = partner.child_ids.filtered(lambda one: one.type == "contact")[:1]
        values |= {"contact_name": contact.name, "payment_terms": partner.property_supplier_payment_term_id.name,
                   "phone": partner.phone or contact.phone, "goods": False}  # fmt: skip
        bank = partner.bank_ids[:1]
        values |= {"bank_holder": bank.acc_holder_name, "bank_name": bank.bank_id.name, "bank_bic": bank.bank_id.bic}
        return values

    def _known_rows(self, supplier):
        today = fields.Date.context_today(self)
        rates = self.env["dropship.shipping.rate"].search(
            [("supplier_id", "=", supplier.id), ("service_id", "=", False), ("country_group_ids", "=", False)], limit=50
        )
        names = ("first_weight", "first_price", "step_weight", "step_price", "days_p50", "days_p95")
        single = rates.filtered(lambda rate: len(rate.country_ids) == 1)[:8]
        self.rate_ids = [
            Command.create({"country_id": rate.country_ids.id, **{name: rate[name] for name in names}})
            for rate in single
        ]
        closures = supplier.closure_ids.filtered(lambda one: one.date_to >= today)[:4]
        self.closure_ids = [
            Command.create({"name": one.name, "date_from": one.date_from, "date_to": one.date_to}) for one in closures
        ]

    # ------------------------------------------------------------------
    # The difference
    # ------------------------------------------------------------------

    def _targets(self):
        """[(fields, record they go to)] of who is known already."""
        self.ensure_one()
        supplier, partner = self.supplier_id, self.supplier_id.partner_id or self.partner_id
        warehouse = supplier.warehouse_ids[:1]
        returns = warehouse.return_partner_id
        return [(CONTACT, partner), (SUPPLIER, supplier), (WAREHOUSE, warehouse), (RETURNS, returns)]

    def _differences(self):
        """[(label, before, after)] in words; for a new supplier nothing was before."""
        self.ensure_one()
        rows = []
        labels = self.fields_get(attributes=["string"])
        for names, record in self._targets():
            for name, field in names.items():
                after = self._said(self, name)
                before = self._said(record, field) if record else ""
                if after and after != before:
                    rows.append((labels[name]["string"], before, after))
        rows += [
            (self.env._("Freight to %s", rate.country_id.name), self._rate_said(self._old_rate(rate)),
             self._rate_said(rate))
            for rate in self.rate_ids
            if self._rate_said(self._old_rate(rate)) != self._rate_said(rate)
        ]  # fmt: skip
        return rows

    @api.model
    def _said(self, record, name):
        field, value = record._fields[name], record[name]
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value or "")
        if field.type == "many2one":
            return value.display_name or ""
        return "" if value in (False, None, 0.0) else str(value)

    def _old_rate(self, row):
        warehouse = self.supplier_id.warehouse_ids[:1]
        return self.env["dropship.shipping.rate"].search(
            [("supplier_id", "=", self.supplier_id.id), ("warehouse_id", "in", (False, warehouse.id)),
             ("service_id", "=", False)], order="warehouse_id, sequence, id",
        ).filtered(lambda rate: rate.country_ids == row.country_id)[:1]  # fmt: skip

    @api.model
    def _rate_said(self, rate):
        if not rate:
            return ""
        figures = (rate.first_price, rate.first_weight, rate.step_price, rate.step_weight, rate.days_p50, rate.days_p95)
        return "%g (%g kg) + %g / %g kg, %g–%g d" % figures  # noqa: UP031 - six figures in one glance

    @api.depends(lambda self: ["supplier_id", "partner_id", "rate_ids", *CONTACT, *SUPPLIER, *WAREHOUSE, *RETURNS])
    @api.depends_context("lang")
    def _compute_difference(self):
        for application in self:
            rows = application._differences()
            cells = Markup().join(
                Markup("<tr><td>%s</td><td class='text-muted'>%s</td><td><b>%s</b></td></tr>") % row for row in rows
            )
            head = Markup("<tr><th>%s</th><th>%s</th><th>%s</th></tr>") % (
                self.env._("What"), self.env._("Now"), self.env._("After accepting"))  # fmt: skip
            application.difference = (
                Markup("<table class='table table-sm'><thead>%s</thead><tbody>%s</tbody></table>") % (head, cells)
                if rows
                else Markup("<p class='text-muted'>%s</p>") % self.env._("Nothing changes.")
            )

    @api.depends("bank_masked", "supplier_id.partner_id.bank_ids.sanitized_acc_number")
    def _compute_bank_is_new(self):
        for application in self:
            known = application.sudo().supplier_id.partner_id.bank_ids.mapped("sanitized_acc_number")
            account = application.sudo()._opened_account()
            application.bank_is_new = bool(account) and account not in known

    # ------------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------------

    def action_accept(self):
        """It counts from now on: contact, supplier, warehouse, freight, closed days and bank in one step."""
        self.check_access("write")
        self._check_manager()
        for application in self:
            application.lock_for_update()
            application.invalidate_recordset(["state"])
            if application.state != "accepted":
                application._check_transition("accepted")
                # Contacts, banks and warehouses belong to several roles; the decision is the manager's.
                application.sudo()._accept(self.env.user)
        return self.supplier_id._get_records_action() if len(self) == 1 else True

    def _check_manager(self):
        if not (self.env.su or self.env.user.has_group("dropship_flow.group_dropship_manager")):
            raise UserError(self.env._("A manager decides who becomes a supplier. Ask one to look at it."))

    def _accept(self, user):
        self.ensure_one()
        partner = self._accept_contact()
        supplier = self._accept_supplier(partner)
        warehouse = self._accept_warehouse(supplier)
        self._accept_rates(supplier, warehouse)
        self._accept_closures(supplier)
        self._accept_bank(partner)
        self._decide("accepted", user, supplier_id=supplier.id, bank_sealed=False)
        supplier.message_post(
            body=self.env._("%(user)s accepted what the supplier wrote about himself.", user=user.name),
            attachment_ids=self.document_ids.copy({"res_model": supplier._name, "res_id": supplier.id}).ids,
        )
        self._mail("accepted")

    def _values(self, names):
        """What was typed; what is empty changes nothing."""
        values = {}
        for name, field in names.items():
            value = self[name]
            value = value.id if isinstance(value, models.BaseModel) else value
            if value not in (False, None, ""):
                values[field] = value
        return values

    def _accept_contact(self):
        values = self._values(CONTACT)
        partner = self.supplier_id.partner_id or self.partner_id
        if partner:
            partner.write(values)
        else:
            partner = self.env["res.partner"].create(
                {"is_company": True, "supplier_rank": 1, "company_id": self.company_id.id, "email": self.email,
                 "lang": self.lang if self.lang in dict(self.env["res.lang"].get_installed()) else False, **values}
            )  # fmt: skip
        if self.contact_name and self.contact_name not in partner.child_ids.mapped("name"):
            partner.child_ids = [
                Command.create({"name": self.contact_name, "type": "contact", "phone": self.phone, "email": self.email})
            ]
        return partner

    def _accept_supplier(self, partner):
        values = self._values(SUPPLIER)
        supplier = self.supplier_id or self.env["dropship.supplier"].search(
            [("partner_id", "=", partner.id), ("company_id", "in", (self.company_id.id, False))], limit=1
        )
        notes = [text for text in (self.goods, self.payment_terms, self.order_note) if text]
        note = Markup("<p>%s</p>") % Markup("<br/>").join(line for text in notes for line in text.split("\n"))
        if supplier:
            supplier.write(values)
            if notes:
                supplier.message_post(body=note)
            return supplier
        return self.env["dropship.supplier"].create(
            {
                "partner_id": partner.id,
                "company_id": self.company_id.id,
                "state": "prospect",
                "user_id": self.reviewer_id.id,
                "note": note,
                **values,
            }
        )

    def _accept_warehouse(self, supplier):
        values = self._values(WAREHOUSE)
        values |= {"cut_off": self.cut_off, "handling_days": self.handling_days}
        returns = self._values(RETURNS)
        warehouse = supplier.warehouse_ids[:1]
        if warehouse:
            warehouse.write(values)
        else:
            name = self.wh_city or self.city or self.name
            warehouse = self.env["dropship.supplier.warehouse"].create(
                {"supplier_id": supplier.id, "name": name, "country_id": self.country_id.id, **values}
            )
        if returns.get("street"):
            known = warehouse.return_partner_id
            if known and known != supplier.partner_id:
                known.write(returns)
            else:
                warehouse.return_partner_id = self.env["res.partner"].create(
                    {"type": "other", "parent_id": supplier.partner_id.id, "name": supplier.partner_id.name,
                     "company_id": supplier.partner_id.company_id.id, **returns}
                )  # fmt: skip
        return warehouse

    def _accept_rates(self, supplier, warehouse):
        for row in self.rate_ids:
            values = {name: row[name] for name in
                      ("first_weight", "first_price", "step_weight", "step_price", "days_p50", "days_p95")}  # fmt: skip
            values |= {"days_p80": (row.days_p50 + row.days_p95) / 2}
            known = self._old_rate(row)
            if known:
                known.write(values)
            else:
                self.env["dropship.shipping.rate"].create(
                    {"supplier_id": supplier.id, "warehouse_id": warehouse.id, "currency_id": supplier.currency_id.id,
                     "country_ids": [Command.set(row.country_id.ids)], **values}
                )  # fmt: skip

    def _accept_closures(self, supplier):
        known = {(one.date_from, one.date_to) for one in supplier.closure_ids}
        for row in self.closure_ids:
            if (row.date_from, row.date_to) not in known:
                self.env["dropship.supplier.closure"].create(
                    {"supplier_id": supplier.id, "name": row.name or self.env._("Closed"),
                     "date_from": row.date_from, "date_to": row.date_to}
                )  # fmt: skip

    def _accept_bank(self, partner):
        """The account is written down, not trusted: nothing is paid to it before accounting has checked it."""
        account = self._opened_account()
        if not account or account in partner.bank_ids.mapped("sanitized_acc_number"):
            return
        banks = self.env["res.bank"]
        bank = banks.search([("bic", "=", self.bank_bic)], limit=1) if self.bank_bic else banks
        if not bank and (self.bank_name or self.bank_bic):
            bank = banks.create({"name": self.bank_name or self.bank_bic, "bic": self.bank_bic})
        self.env["res.partner.bank"].create(
            {"partner_id": partner.id, "acc_number": account, "acc_holder_name": self.bank_holder or partner.name,
             "bank_id": bank.id, "company_id": self.company_id.id, "allow_out_payment": False}
        )  # fmt: skip

    def _decide(self, state, user, **values):
        moved = self._set_state(state, decided_at=fields.Datetime.now(), decided_by_id=user.id, **values)
        moved.activity_unlink(["dropship_flow.activity_application_review"])
        return moved

    def action_ask_again(self):
        """He is asked to complete it; his page opens again."""
        for application in self:
            application.check_access("write")
            application._needs_answer()
            application._check_transition("asked")
            application.sudo()._decide("asked", self.env.user)
            application.sudo()._mail("asked", application.sudo()._new_link())
        return True

    def action_refuse(self):
        """Not now; he is told so."""
        for application in self:
            application.check_access("write")
            application._check_transition("refused")
            application.sudo()._decide("refused", self.env.user)
            application.sudo()._mail("refused")
        return True

    def _needs_answer(self):
        if not (self.answer or "").strip():
            raise UserError(self.env._("Write in the answer what is missing: the supplier reads it."))


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    def action_invite_update(self):
        """A link by which the supplier brings his profile up to date; nothing counts before it is reviewed."""
        self.ensure_one()
        self.check_access("write")
        partner = self.partner_id
        if not partner.email:
            raise UserError(self.env._("%s has no mail address. Enter it on the contact first.", partner.display_name))
        company = self.company_id or self.env.company
        _application, url = self.env["dropship.supplier.application"]._start(
            company, partner.email, "update", supplier=self, lang=partner.lang, reviewer=self.env.user
        )
        return self.env["dropship.supplier.share"]._show(self.name, url)


class DropshipSupplierInvite(models.TransientModel):
    """Invite somebody to become a supplier."""

    _name = "dropship.supplier.invite"
    _description = "Invite a Supplier"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    email = fields.Char(string="Mail", required=True)
    name = fields.Char(string="Company Name")
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(), string="Language",
        default=lambda self: self.env.lang, required=True,
    )  # fmt: skip
    send = fields.Boolean(string="Send by Mail", default=True)

    def action_invite(self):
        """Make the application with its link, shown once and sent by mail."""
        self.ensure_one()
        self.check_access("write")
        self.company_id.check_access("read")
        email = mail(self.email)
        if not email:
            raise UserError(self.env._("%s is no mail address.", self.email))
        application, url = self.env["dropship.supplier.application"]._start(
            self.company_id, email, lang=self.lang, reviewer=self.env.user
        )
        application.name = self.name
        if self.send:
            application._mail("invite", url)
        return self.env["dropship.supplier.share"]._show(self.name or email, url)
