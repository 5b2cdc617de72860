"""From offers to listings: a table to look at first, then products, links and listings in bulk."""

from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..listing_quality import Offered, group_offers

# Up to so many products are made while the person waits.
AT_ONCE = 100
BATCH = 100
MOST_OFFERS = 20_000


class DropshipListOffers(models.Model):
    """Offers somebody chose to list on a channel: shown as a table, confirmed, then worked off."""

    _name = "dropship.list.offers"
    _description = "Offers to List"
    _inherit = ["dropship.state.mixin"]
    _order = "id desc"
    _check_company_auto = True

    _transitions = frozenset({("draft", "running"), ("running", "done"), ("draft", "cancel"), ("running", "cancel")})

    channel_id = fields.Many2one(
        "dropship.sales.channel",
        required=True,
        ondelete="cascade",
        check_company=True,
        default=lambda self: self._default_channel(),
    )
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", string="Started By", default=lambda self: self.env.user, readonly=True)
    state = fields.Selection(
        [("draft", "Preview"), ("running", "Being Listed"), ("done", "Listed"), ("cancel", "Dropped")],
        default="draft",
        required=True,
        readonly=True,
        index=True,
    )
    wanted = fields.Selection(
        [("published", "Publish"), ("draft", "Keep as drafts"), ("candidate", "Keep as candidates")],
        string="And Then",
        default="published",
        required=True,
    )
    margin = fields.Float(
        string="Margin for Prices (%)", default=30.0, help="Of the net price after fees, where no price rule says."
    )
    line_ids = fields.One2many("dropship.list.offers.line", "plan_id", string="Products")
    open_ids = fields.One2many(
        "dropship.list.offers.line",
        "plan_id",
        string="To Decide",
        domain=[("decision", "=", False), ("state", "=", "waiting")],
    )
    listing_ids = fields.Many2many("dropship.listing", compute="_compute_listing_ids", string="Listings")
    line_count = fields.Integer(string="Number of Products", compute="_compute_counts")
    open_count = fields.Integer(string="Products to Decide", compute="_compute_counts")
    done_count = fields.Integer(string="Products Listed", compute="_compute_counts")
    failed_count = fields.Integer(string="Products Failed", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts")

    @api.model
    def _default_channel(self):
        channels = self.env["dropship.sales.channel"]
        domain = [("company_id", "in", [self.env.company.id, False])]
        return channels.search([*domain, ("website_id", "!=", False)], limit=1) or channels.search(domain, limit=1)

    @api.depends("channel_id", "create_date")
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = f"{plan.channel_id.name} · {plan.id or '…'}"

    @api.depends("line_ids.listing_id")
    def _compute_listing_ids(self):
        for plan in self:
            plan.listing_ids = plan.line_ids.listing_id

    @api.depends("line_ids.state", "line_ids.decision")
    def _compute_counts(self):
        for plan in self:
            states = plan.line_ids.mapped("state")
            plan.line_count = len(states)
            plan.done_count = states.count("done")
            plan.failed_count = states.count("failed")
            plan.open_count = len(plan.line_ids.filtered(lambda line: line.state == "waiting" and not line.decision))
            ended = len(states) - states.count("waiting")
            plan.progress = 100.0 * ended / len(states) if states else 0.0

    # === START === #

    @api.model
    def action_start(self, offers=None, channel=None):
        """Open the table for the chosen offers: `active_ids`, or all a list shows (`active_domain`)."""
        self._check_may_list()
        if offers is None:
            offers = self._chosen_offers()
        if not offers:
            raise UserError(self.env._("Choose the offers to list first."))
        if len(offers) > MOST_OFFERS:
            raise UserError(self.env._("%(have)s offers are too many at once; choose up to %(limit)s.",
                                       have=len(offers), limit=MOST_OFFERS))  # fmt: skip
        if channel:
            channel = channel.with_env(self.env)
            channel.check_access("read")
        plan = self.create({"channel_id": channel.id} if channel else {})
        plan._read_offers(offers)
        return plan._open()

    @api.model
    def _chosen_offers(self):
        context, offers = self.env.context, self.env["dropship.offer"]
        if context.get("active_domain") and not context.get("active_ids"):
            return offers.search(context["active_domain"], limit=MOST_OFFERS + 1)
        return offers.browse(context.get("active_ids") or []).exists()

    def _check_may_list(self):
        if not self.env["dropship.listing"].has_access("create"):
            raise AccessError(self.env._("This needs the right Dropshipping / Buyer. Ask a buyer to do it."))

    def _open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("List on a Channel"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def _read_offers(self, offers):
        """Make the table: one line for each product the offers are."""
        self.ensure_one()
        offers.check_access("read")
        mine = offers.filtered(lambda offer: offer.company_id in (self.company_id, self.env["res.company"]))
        if mine != offers:
            raise UserError(self.env._("Some of these offers belong to another company. Choose them there."))
        mine.fetch(["sku", "name", "barcode", "group_code", "attributes", "supplier_id", "product_id", "brand"])
        by_id = {offer.id: offer for offer in mine}
        groups = group_offers(
            [
                Offered(
                    offer.id,
                    offer.sku,
                    offer.supplier_id.id,
                    offer.group_code or "",
                    offer.barcode or "",
                    tuple(sorted((str(name), str(value)) for name, value in (offer.attributes or {}).items() if value)),
                )
                for offer in mine
            ]
        )
        values = []
        for sequence, group in enumerate(groups):
            members = self.env["dropship.offer"].browse([row.key for row in group.offers])
            first = by_id[group.offers[0].key]
            values.append(
                {
                    "plan_id": self.id,
                    "sequence": sequence,
                    "name": first.name or first.product_id.name or first.sku,
                    "offer_ids": [Command.set(members.ids)],
                    "variants": [
                        [list(map(list, variant.attributes)), [row.key for row in variant.offers]]
                        for variant in group.variants
                    ],
                    "picture_count": len(members._picture_addresses()),
                }
            )
        lines = self.env["dropship.list.offers.line"].create(values)
        lines._match()
        lines._cost()

    def action_cost(self):
        """Calculate again, for the channel and margin that stand there now."""
        self._check_open()
        self.line_ids._cost()
        return True

    # === WORK === #

    def _check_open(self):
        self.ensure_one()
        self.check_access("write")
        self._check_may_list()
        if self.state != "draft":
            raise UserError(self.env._("This was confirmed already. Start anew from the offers."))

    def action_apply(self):
        """List what the table says. A second click finds it confirmed and changes nothing."""
        self.ensure_one()
        self.check_access("write")
        self._check_may_list()
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset(["state"])
        if self.state != "draft":
            return True
        undecided = self.line_ids.filtered(lambda line: not line.decision)
        if undecided:
            raise UserError(
                self.env._(
                    "%(count)s products may be there already, e.g. %(name)s. Say for each whether it is one of them or "
                    "a new one.",
                    count=len(undecided),
                    name=undecided[0].name,
                )
            )
        self._set_state("running", user_id=self.env.uid)
        if len(self.line_ids) <= AT_ONCE:
            self.line_ids._work()
            self._finish()
        else:
            self.env.ref("dropship_flow.cron_list_offers").sudo()._trigger()
        return True

    def action_drop(self):
        """Leave the offers as they are."""
        self.check_access("write")
        self._set_state("cancel")
        return True

    def action_open_listings(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_listing"),
            "domain": [("id", "in", self.line_ids.listing_ids_of().ids)],
        }

    def _finish(self):
        lines = self.env["dropship.list.offers.line"]
        for plan in self.filtered(lambda plan: plan.state == "running"):
            if not lines.search_count([("plan_id", "=", plan.id), ("state", "=", "waiting")], limit=1):
                plan._set_state("done")

    @api.model
    def _cron_list(self):
        """Work off confirmed tables, a batch per transaction, with the rights of who confirmed them."""
        cron, lines = self.env["ir.cron"], self.env["dropship.list.offers.line"]
        domain = [("plan_id.state", "=", "running"), ("state", "=", "waiting")]
        while True:
            found = lines.search(domain, order="plan_id, id", limit=BATCH)
            first = found[:1].plan_id
            batch = found.filtered(lambda line, first=first: line.plan_id == first).try_lock_for_update()
            batch.invalidate_recordset(["state"])
            batch = batch.filtered(lambda line: line.state == "waiting")
            if not batch:
                break
            plan = batch.plan_id
            user = plan.user_id
            if not user._is_superuser() and not (user.active and plan.company_id in user.company_ids):
                text = self.env._("%s may not work in this company any more.", user.name)
                batch.write({"state": "failed", "message": text})
            else:
                context = {"lang": user.lang, "tz": user.tz, "allowed_company_ids": plan.company_id.ids}
                batch.with_env(self.env(user=user.id, su=False, context=context))._work()
            plan._finish()
            if not cron._commit_progress(len(batch), remaining=lines.search_count(domain)):
                break

    @api.autovacuum
    def _gc_plans(self):
        """Tables are forgotten: looked at and left after a week, worked off after a quarter."""
        now = fields.Datetime.now()
        old = Domain("state", "in", ["draft", "cancel"]) & Domain("write_date", "<", now - timedelta(days=7))
        old |= Domain("state", "=", "done") & Domain("write_date", "<", now - timedelta(days=90))
        self.search(old, limit=1000).unlink()
