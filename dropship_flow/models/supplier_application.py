"""A supplier introduces himself (供应商入驻): what he writes is kept apart and counts only after a person said yes."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..joining import sealing
from ..joining.form import FINAL, masked, read
from ..papers.sniff import MAX_BYTES, TYPES, kind_of
from ..remedy import token as secret
from .supplier import CHANNEL_TYPES
from .track_lookup import LIMITS

LINK_DAYS = 30
MOST_FILES, KINDS = 6, ("pdf", "png", "jpeg")
# (tries, minutes): what a supplier needs, and no more.
LIMITS.update(join_address=(10, 60), join_mail=(3, 24 * 60), join_save=(60, 60))
PROFILE = (
    "name", "registration", "channel_type", "contact_name", "phone", "website", "street", "street2", "zip", "city",
    "state_id", "country_id", "goods", "currency_id", "payment_terms", "order_way", "order_note",
    "wh_name", "wh_street", "wh_zip", "wh_city", "wh_state_id", "wh_country_id", "tz", "cut_off", "handling_days",
    "return_name", "return_street", "return_zip", "return_city", "return_country_id", "return_phone",
    "bank_holder", "bank_name", "bank_bic",
)  # fmt: skip


class DropshipSupplierApplication(models.Model):
    _name = "dropship.supplier.application"
    _description = "Application of a Supplier"
    _inherit = ["dropship.state.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    _transitions = frozenset(
        {
            ("started", "submitted"),
            ("started", "refused"),
            ("submitted", "accepted"),
            ("submitted", "refused"),
            ("submitted", "asked"),
            ("asked", "submitted"),
            ("asked", "refused"),
        }
    )

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    state = fields.Selection(
        [
            ("started", "Started"),
            ("submitted", "To Review"),
            ("asked", "Asked Again"),
            ("accepted", "Accepted"),
            ("refused", "Refused"),
        ],
        required=True,
        default="started",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    origin = fields.Selection(
        [("invited", "Invited"), ("open", "Came by himself"), ("update", "Changes his profile")],
        string="Came",
        required=True,
        default="invited",
        readonly=True,
    )
    supplier_id = fields.Many2one(
        "dropship.supplier", string="Known Supplier", readonly=True, ondelete="cascade", index="btree_not_null",
        check_company=True,
    )  # fmt: skip
    partner_id = fields.Many2one(
        "res.partner", string="Existing Contact", check_company=True, copy=False,
        help="Accepting completes this contact instead of creating a new one.",
    )  # fmt: skip
    reviewer_id = fields.Many2one("res.users", copy=False)
    email = fields.Char(required=True, readonly=True)
    lang = fields.Char(readonly=True)
    key = fields.Char(readonly=True, copy=False, groups="base.group_system")
    fingerprint = fields.Char(readonly=True, copy=False, groups="base.group_system")
    expires = fields.Datetime(string="Link Works Until", readonly=True, copy=False)
    revoked_at = fields.Datetime(string="Link Revoked On", readonly=True, copy=False)
    revision = fields.Integer(readonly=True, copy=False, help="Counts what was saved, so that two windows meet.")
    submitted_at = fields.Datetime(string="Handed In On", readonly=True, copy=False)
    decided_at = fields.Datetime(readonly=True, copy=False)
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    answer = fields.Text(string="Answer to the Supplier", copy=False, help="He reads it on his page and in the mail.")

    name = fields.Char(string="Company Name")
    registration = fields.Char(string="Registration Number")
    channel_type = fields.Selection(CHANNEL_TYPES, string="Type", default="supplier")
    contact_name = fields.Char(string="Contact Person")
    phone = fields.Char()
    website = fields.Char()
    street = fields.Char()
    street2 = fields.Char()
    zip = fields.Char(string="ZIP")
    city = fields.Char()
    state_id = fields.Many2one("res.country.state", string="State / Province")
    country_id = fields.Many2one("res.country")
    goods = fields.Text(string="What They Sell")
    currency_id = fields.Many2one("res.currency")
    payment_terms = fields.Char()
    order_way = fields.Selection(
        [("sheet", "Excel and link"), ("link", "Link only"), ("platform", "We order on their platform")],
        string="Takes Orders By", default="sheet",
    )  # fmt: skip
    order_note = fields.Text(string="About Orders")
    wh_name = fields.Char(string="Warehouse")
    wh_street = fields.Char(string="Warehouse: Street")
    wh_zip = fields.Char(string="Warehouse: ZIP")
    wh_city = fields.Char(string="Warehouse: City")
    wh_state_id = fields.Many2one("res.country.state", string="Warehouse: State")
    wh_country_id = fields.Many2one("res.country", string="Warehouse: Country")
    tz = fields.Char(string="Time Zone")
    cut_off = fields.Float(string="Cut-off")
    handling_days = fields.Float(string="Handling (days)")
    return_name = fields.Char(string="Return Address: Name")
    return_street = fields.Char(string="Return Address: Street")
    return_zip = fields.Char(string="Return Address: ZIP")
    return_city = fields.Char(string="Return Address: City")
    return_country_id = fields.Many2one("res.country", string="Return Address: Country")
    return_phone = fields.Char(string="Return Address: Phone")
    bank_holder = fields.Char(string="Account Holder")
    bank_name = fields.Char(string="Bank")
    bank_bic = fields.Char(string="BIC / SWIFT")
    bank_sealed = fields.Char(readonly=True, copy=False, groups="base.group_system")
    bank_masked = fields.Char(string="Account", readonly=True, copy=False)
    bank_account = fields.Char(
        string="Account Number", compute="_compute_bank_account", groups="dropship_flow.group_dropship_manager"
    )
    rate_ids = fields.One2many("dropship.supplier.application.rate", "application_id", string="Freight")
    closure_ids = fields.One2many("dropship.supplier.application.closure", "application_id", string="Closed Days")
    document_ids = fields.Many2many(
        "ir.attachment", "dropship_supplier_application_document_rel", string="Documents", copy=False
    )

    _key_uniq = models.UniqueIndex("(key) WHERE key IS NOT NULL", "This link is already there.")
    _open_mail_uniq = models.UniqueIndex(
        "(company_id, email) WHERE state = 'started' AND origin = 'open'", "This application is there already."
    )

    @api.depends("name", "email")
    def _compute_display_name(self):
        for application in self:
            application.display_name = application.name or application.email

    @api.depends_context("uid")
    @api.depends("bank_masked")
    def _compute_bank_account(self):
        """Shown to who decides, opened only for the moment. Whoever else asks is refused by the field."""
        for application in self:
            application.bank_account = application.sudo()._opened_account()

    def _opened_account(self):
        self.ensure_one()
        return sealing.opened(self._box_secret(), self.bank_sealed or "")

    @api.model
    def _box_secret(self):
        return self.env["ir.config_parameter"].sudo().get_param("database.secret")

    # ------------------------------------------------------------------
    # The link
    # ------------------------------------------------------------------

    @api.model
    def _start(self, company, email, origin="invited", supplier=None, lang=False, reviewer=None):
        """A new application and the address of its page; the address is kept nowhere.

        :return: (application, address)
        """
        # Suppliers start some of them themselves; who is inside needs the right of the button.
        application = self.sudo().create(
            {
                "company_id": company.id,
                "email": email,
                "origin": origin,
                "supplier_id": supplier.id if supplier else False,
                "lang": lang or False,
                "reviewer_id": reviewer.id if reviewer else False,
                **(self.sudo()._known(supplier) if supplier else {}),
            }
        )
        if supplier:
            application._known_rows(supplier)
        return application, application._new_link()

    def _new_link(self):
        """A fresh address for the page; an older one stops to work."""
        self.ensure_one()
        token = secret.fresh()
        expires = fields.Datetime.now() + timedelta(days=LINK_DAYS)
        self.sudo().write(
            {
                "key": secret.key_of(token),
                "expires": expires,
                "fingerprint": self._sign(token, expires),
                "revoked_at": False,
            }
        )
        return f"{self.get_base_url()}/supplier-join/{token}"

    def _sign(self, token, expires):
        return secret.signed(
            self._box_secret(),
            "dropship.supplier.application",
            token,
            self.id,
            self.company_id.id,
            fields.Datetime.to_string(expires),
        )

    @api.model
    def _by_token(self, token):
        """The application of a working link; none for what is forged, expired or revoked."""
        key = secret.key_of(token)
        found = self.search([("key", "=", key)], limit=1) if key else self.browse()
        if not found or found.revoked_at or not found.expires or found.expires <= fields.Datetime.now():
            return self.browse()
        return found if secret.same(found.fingerprint, found._sign(token, found.expires)) else self.browse()

    def action_revoke(self):
        """The link stops to work at once."""
        self.check_access("write")
        self.sudo().filtered(lambda one: not one.revoked_at).write({"revoked_at": fields.Datetime.now()})
        return True

    def action_link(self):
        """A new link, shown once with its QR code; the old one stops to work."""
        self.ensure_one()
        self.check_access("write")
        if self.state in ("accepted", "refused"):
            raise UserError(self.env._("This application is decided. Invite the supplier again."))
        return self.env["dropship.supplier.share"]._show(self.display_name, self._new_link())

    # ------------------------------------------------------------------
    # What the supplier writes
    # ------------------------------------------------------------------

    def _save(self, data, files=(), stamp=""):
        """Take what his page sends. Runs as the system for who has the link.

        :param files: [(name, bytes)]
        :return: ("saved" | "submitted" | "already" | "changed", [(field, code)]); with something wrong in it only a
            draft is kept, and of two windows the one that is behind writes nothing
        """
        self.ensure_one()
        self.lock_for_update()
        self.invalidate_recordset(["state", "revision"])
        if self.state not in ("started", "asked"):
            return "already", []
        if stamp != str(self.revision):
            return "changed", []
        final = data.get("verb") == FINAL
        values, rates, closures, account, wrong = read(data, final)
        wrong += self._check_records(values, rates)
        wrong += self._take_files(files)
        bad = {field for field, _code in wrong}
        kept = {name: value for name, value in values.items() if name in PROFILE and name not in bad}
        kept["revision"] = self.revision + 1
        kept["rate_ids"] = [fields.Command.clear(), *map(fields.Command.create, rates)]
        kept["closure_ids"] = [fields.Command.clear(), *map(fields.Command.create, closures)]
        if account:
            kept |= {"bank_sealed": sealing.seal(self._box_secret(), account), "bank_masked": masked(account)}
        if data.get("bank_forget"):
            kept |= {"bank_sealed": False, "bank_masked": False}
        self.write(kept)
        if final and not wrong:
            self._submit()
            return "submitted", []
        return "saved", wrong

    def _check_records(self, values, rates):
        """Choices that are none of the page's."""
        countries = self.env["res.country"]
        wrong = []
        for name in ("country_id", "wh_country_id", "return_country_id"):
            if values.get(name) and not countries.browse(values[name]).exists():
                values[name] = None
                wrong.append((name, "choice"))
        for name, country in (("state_id", "country_id"), ("wh_state_id", "wh_country_id")):
            state = self.env["res.country.state"].browse(values.get(name) or ()).exists()
            if not state or state.country_id.id != values.get(country):
                values[name] = None
        currency = self.env["res.currency"].browse(values.get("currency_id") or ()).exists()
        if values.get("currency_id") and not currency.active:
            values["currency_id"] = None
            wrong.append(("currency_id", "choice"))
        zones = dict(self.env["dropship.supplier.warehouse"]._fields["tz"]._description_selection(self.env))
        values["tz"] = values.get("tz") if values.get("tz") in zones else False
        known = set(countries.browse([row["country_id"] for row in rates]).exists().ids)
        wrong += [(f"rate_country_{place}", "choice") for place, row in enumerate(rates)
                  if row["country_id"] not in known]  # fmt: skip
        rates[:] = [row for row in rates if row["country_id"] in known]
        return wrong

    def _take_files(self, files):
        """Documents by what is in them, whatever they are called."""
        wrong, new = [], []
        for name, content in files:
            kind = kind_of(content) if len(content) <= MAX_BYTES else ""
            if kind not in KINDS:
                wrong.append(("documents", "file"))
            elif len(self.document_ids) + len(new) >= MOST_FILES:
                wrong.append(("documents", "many"))
            else:
                mimetype, ending = TYPES[kind]
                stem = "".join(one for one in name.rpartition(".")[0] or name if one.isalnum() or one in " -_()")[:60]
                new.append({"name": (stem.strip() or "document") + ending, "raw": content, "mimetype": mimetype,
                            "res_model": self._name, "res_id": self.id, "public": False})  # fmt: skip
        if new:
            self.document_ids |= self.env["ir.attachment"].create(new)
        return wrong

    def _submit(self):
        self._set_state("submitted", submitted_at=fields.Datetime.now())
        reviewer = self.reviewer_id or self._reviewer()
        self.reviewer_id = reviewer
        self.activity_schedule(
            "dropship_flow.activity_application_review",
            summary=self.env._("Review the application of %s", self.display_name),
            user_id=reviewer.id,
        )
        self._mail("submitted")

    def _reviewer(self):
        """Who looks at it: the supplier's buyer, else a manager of the company."""
        if self.supplier_id.user_id:
            return self.supplier_id.user_id
        managers = self.env.ref("dropship_flow.group_dropship_manager").all_user_ids
        fitting = managers.filtered(lambda user: user.active and self.company_id in user.company_ids and user.id > 1)
        return fitting[:1] or self.env.ref("base.user_admin")

    def _remove_document(self, document_id):
        """He takes a document back before it is looked at."""
        self.ensure_one()
        if self.state in ("started", "asked"):
            self.document_ids.filtered(lambda one: one.id == document_id).unlink()

    # ------------------------------------------------------------------
    # Mails
    # ------------------------------------------------------------------

    def _mail(self, what, url=""):
        """Write to the supplier in his language. The mail is not kept: it may hold his link."""
        self.ensure_one()
        installed = dict(self.env["res.lang"].get_installed())
        lang = self.lang if self.lang in installed else self.env.context.get("lang")
        speaker = self.with_context(lang=lang)
        template = f"dropship_flow.supplier_application_mail_{what}"
        values = {"application": speaker, "company": self.company_id, "url": url}
        body = speaker.env["ir.qweb"]._render(template, values)
        subjects = {
            "invite": speaker.env._("Work with %s", self.company_id.name),
            "submitted": speaker.env._("We have received your application"),
            "accepted": speaker.env._("Your application is accepted"),
            "refused": speaker.env._("About your application"),
            "asked": speaker.env._("A question about your application"),
        }
        self.env["mail.mail"].sudo().create(
            {
                "subject": subjects[what],
                "body_html": body,
                "email_to": self.email,
                "email_from": self.company_id.email_formatted or self.env.user.email_formatted,
                "auto_delete": True,
            }
        )

    @api.autovacuum
    def _gc_applications(self):
        """What nobody finished, and account numbers of what is decided, are not kept."""
        now = fields.Datetime.now()
        old = [("state", "=", "started"), ("expires", "<", now - timedelta(days=90))]
        self.search(old, limit=1000).unlink()
        refused = [("state", "=", "refused"),
                   ("decided_at", "<", now - timedelta(days=30)), ("bank_sealed", "!=", False)]  # fmt: skip
        self.search(refused, limit=1000).write({"bank_sealed": False})


class DropshipSupplierApplicationRate(models.Model):
    _name = "dropship.supplier.application.rate"
    _description = "Application of a Supplier: Freight"
    _order = "application_id, id"

    application_id = fields.Many2one(
        "dropship.supplier.application", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="application_id.company_id", store=True, index=True)
    country_id = fields.Many2one("res.country", string="To", required=True)
    first_weight = fields.Float(string="First Weight (kg)", digits="Stock Weight")
    first_price = fields.Float(min_display_digits="Product Price")
    step_weight = fields.Float(string="Step (kg)", digits="Stock Weight")
    step_price = fields.Float(min_display_digits="Product Price")
    days_p50 = fields.Float(string="Days, Usually")
    days_p95 = fields.Float(string="Days, at Most")


class DropshipSupplierApplicationClosure(models.Model):
    _name = "dropship.supplier.application.closure"
    _description = "Application of a Supplier: Closed Days"
    _order = "application_id, date_from, id"

    application_id = fields.Many2one(
        "dropship.supplier.application", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="application_id.company_id", store=True, index=True)
    name = fields.Char(string="Reason")
    date_from = fields.Date(string="First Day Closed", required=True)
    date_to = fields.Date(string="Last Day Closed", required=True)


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_join_open = fields.Boolean(string="Suppliers May Apply", groups="base.group_user")


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dropship_join_open = fields.Boolean(related="company_id.dropship_join_open", readonly=False)
