"""The screen people work exceptions on: what is at stake, until when, and which buttons solve which kind."""

from lxml import etree
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

# What an exception is about is written once.
FIXED = ("kind", "order_id", "purchase_id", "allocation_id", "connection_id", "supplier_id", "company_id", "amount")
DESK = "dropship_flow.group_dropship_user"
BUYER = "dropship_flow.group_dropship_buyer"
# Of kinds nobody says anything about.
USUAL_VERBS = ("action_open_purchase", "action_done")


class DropshipException(models.Model):
    _name = "dropship.exception"
    _inherit = ["dropship.exception", "mail.thread", "mail.activity.mixin"]

    rule_id = fields.Many2one("dropship.exception.rule", readonly=True, ondelete="set null")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(string="At Stake", readonly=True, help="Sales value of what is concerned, before tax.")
    snoozed_until = fields.Datetime()
    escalated_at = fields.Datetime(readonly=True)
    solved_by_id = fields.Many2one("res.users", readonly=True)
    solved_at = fields.Datetime(readonly=True)
    is_overdue = fields.Boolean(string="Overdue", compute="_compute_clock", search="_search_is_overdue")
    is_snoozed = fields.Boolean(compute="_compute_clock", search="_search_is_snoozed")
    color = fields.Integer(compute="_compute_clock")
    verbs = fields.Char(compute="_compute_verbs", help="The buttons that solve it.")
    first_verb = fields.Char(compute="_compute_verbs", help="The one most usually pressed.")

    _open_clock = models.Index("(deadline) WHERE state = 'open'")

    @api.depends("deadline", "snoozed_until", "state", "severity")
    def _compute_clock(self):
        now = fields.Datetime.now()
        for exception in self:
            is_open = exception.state == "open"
            exception.is_snoozed = bool(is_open and exception.snoozed_until and exception.snoozed_until > now)
            exception.is_overdue = bool(
                is_open and exception.deadline and exception.deadline < now and not exception.is_snoozed
            )
            exception.color = 1 if exception.is_overdue else 2 if is_open and exception.severity == "3" else 0

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        late = Domain("state", "=", "open") & Domain("deadline", "<", now) & ~self._asleep(now)
        return self._either(late, value)

    def _search_is_snoozed(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._either(Domain("state", "=", "open") & self._asleep(fields.Datetime.now()), value)

    @api.model
    def _asleep(self, now):
        return Domain("snoozed_until", "!=", False) & Domain("snoozed_until", ">", now)

    @api.model
    def _either(self, domain, values):
        if True in values and False in values:
            return Domain.TRUE
        return domain if True in values else ~domain

    # ------------------------------------------------------------------
    # Verbs
    # ------------------------------------------------------------------

    @api.model
    def _verbs(self):
        agree = ["action_supplier_agreed", "action_too_late"]
        return {
            **super()._verbs(),
            **dict.fromkeys(("cancel_asked", "quantity_lowered", "change_refused", "change_unanswered"), agree),
            "message_changed": agree,
            "silent": ["action_ask_again", "action_open_purchase"],
            "not_sent": ["action_open_messages", "action_open_purchase", "action_done"],
            "late_ship": ["action_wait_longer", "action_open_purchase", "action_done"],
            "connection_down": ["action_try_connection", "action_open_connection"],
            "relay_stuck": ["action_open_health"],
        }

    @api.model
    def _verb_titles(self):
        return {
            **super()._verb_titles(),
            "action_supplier_agreed": self.env._("Supplier Agreed"),
            "action_too_late": self.env._("Too Late"),
            "action_ask_again": self.env._("Asked Again"),
            "action_open_purchase": self.env._("Open Purchase"),
            "action_open_messages": self.env._("Open Messages"),
            "action_wait_longer": self.env._("Wait a Day"),
            "action_try_connection": self.env._("Try Now"),
            "action_open_connection": self.env._("Open Connection"),
            "action_open_health": self.env._("Open Health"),
            "action_done": self.env._("Solved"),
        }

    @api.depends("kind", "state", "purchase_id")
    def _compute_verbs(self):
        known = self._verbs()
        for exception in self:
            verbs = known.get(exception.kind, USUAL_VERBS) if exception.state == "open" else ()
            verbs = [verb for verb in verbs if exception.purchase_id or verb != "action_open_purchase"]
            exception.verbs = f" {' '.join(verbs)} "
            exception.first_verb = verbs[0] if verbs else False

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Override: every verb has its button, shown where it solves something. A view may place one itself.

        On forms and cards the most usual one comes first and is the only primary button.
        """
        arch, view = super()._get_view(view_id, view_type, **options)
        places = {"form": "//header", "list": "//list", "kanban": "//div[@name='verbs']"}
        place = next(iter(arch.xpath(places[view_type])), None) if view_type in places else None
        if place is None:
            return arch, view
        known = self._verbs().values()
        first = dict.fromkeys([*(verbs[0] for verbs in known if verbs), USUAL_VERBS[0]])
        every = dict.fromkeys([*(verb for verbs in known for verb in verbs), *USUAL_VERBS])
        if view_type == "list":
            for verb in every:
                placed = arch.xpath(f"//button[@name='{verb}']")
                button = placed[0] if placed else self._add_verb(place, verb)
                button.set("invisible", f"' {verb} ' not in verbs")
            return arch, view
        for number, verb in enumerate(first):
            button = self._add_verb(place, verb, "primary")
            button.set("invisible", f"first_verb != '{verb}'")
            place.insert(number, button)
        for verb in every:
            button = self._add_verb(place, verb, "secondary")
            button.set("invisible", f"first_verb == '{verb}' or ' {verb} ' not in verbs")
        return arch, view

    def _add_verb(self, place, verb, look=None):
        """A button for a verb, at the end of a part of a view."""
        title = self._verb_titles().get(verb) or verb.removeprefix("action_").replace("_", " ").title()
        button = etree.SubElement(place, "button", name=verb, type="object", groups=BUYER)
        if place.tag == "div":  # a card
            button.text = title
            button.set("class", f"btn btn-sm btn-{look}")
        else:
            button.set("string", title)
            if look:
                button.set("class", f"btn-{look}")
        return button

    def _for_verb(self, verb):
        """The open ones among them the verb solves.

        :raise UserError: when it solves none of them
        """
        found = self.filtered(lambda exception: f" {verb} " in exception.verbs)
        if self and not found:
            raise UserError(
                self.env._('"%(verb)s" does not solve these exceptions.', verb=self._verb_titles().get(verb, verb))
            )
        found.check_access("write")
        return found

    def action_done(self):
        """A person did what was to do."""
        self._for_verb("action_done")._set_state("solved", solution=self.env._("Solved by hand"))
        return True

    def action_open_messages(self):
        """Open the messages of the purchase: there they are sent again."""
        self.ensure_one()
        return self.purchase_id.action_dropship_messages()

    # ------------------------------------------------------------------
    # Who cares for it
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        quiet = self.with_context(mail_create_nosubscribe=True, mail_create_nolog=True)  # many are made by machines
        exceptions = super(DropshipException, quiet).create(vals_list).with_env(self.env)
        sudo = exceptions.sudo()  # what the rules look at, the person who happens to be here may not read
        for exception in sudo:
            exception.supplier_id = exception.supplier_id or exception._supplier()
            exception.amount = exception._amount_at_stake()
        self.env["dropship.exception.rule"].sudo()._apply(sudo)
        return exceptions

    def write(self, vals):
        """Override: what it is about stays; who solved it, and when, is kept."""
        if not self.env.su and set(FIXED) & vals.keys():
            raise UserError(self.env._("What an exception is about cannot be changed. Solve it with its buttons."))
        if vals.get("state") == "solved":
            going = self.filtered(lambda exception: exception.state != "solved")
            vals = {**vals, "solved_by_id": self.env.uid, "solved_at": fields.Datetime.now()}
            result = super().write(vals)
            going.sudo().activity_ids.unlink()  # nobody need do any more what they asked for
            return result
        if vals.get("state") == "open":
            vals = {**vals, "solved_by_id": False, "solved_at": False, "escalated_at": False}
        return super().write(vals)

    def _supplier(self):
        self.ensure_one()
        purchase_supplier = self.purchase_id.dropship_warehouse_id.supplier_id
        return self.allocation_id.supplier_id or purchase_supplier or self.connection_id.supplier_ids[:1]

    def _amount_at_stake(self):
        """Sales value of the order lines concerned, before tax, in the company's currency."""
        self.ensure_one()
        rows = self.allocation_id or self.purchase_id.dropship_allocation_ids
        total = 0.0
        for line, own in rows.grouped("line_id").items():
            ordered = line.product_uom_id._compute_quantity(line.product_uom_qty, line.product_id.uom_id, round=False)
            whole = sum(own.filtered(lambda row: not row.component).mapped("qty"))
            share = min(whole / ordered, 1.0) if whole and ordered else 1.0  # of a kit no part is worth anything
            total += line.currency_id._convert(
                line.price_subtotal * share, self.company_id.currency_id, self.company_id, fields.Date.today()
            )
        return total

    def _desk_sudo(self):
        """Assigning and snoozing is the desk's, though only buyers answer for suppliers."""
        self.check_access("read")
        if not self.env.user.has_group(DESK):
            raise AccessError(self.env._("Only the order desk can do this."))
        return self.sudo()

    def action_assign_to_me(self):
        self._desk_sudo().filtered(lambda exception: exception.state == "open").user_id = self.env.user
        return True

    def action_wake(self):
        self._desk_sudo().snoozed_until = False
        return True

    def action_handle(self):
        """Set who is responsible and until when it sleeps, for all selected."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Assign or Snooze"),
            "res_model": "dropship.exception.handle",
            "view_mode": "form",
            "target": "new",
            "context": {"default_exception_ids": self.ids},
        }
