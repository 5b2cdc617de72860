"""From offers to listings: a table to look at first, then products, links and listings in bulk."""

import logging
from collections import defaultdict
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.fields import Domain
from psycopg2 import OperationalError

from ..listing_quality import Offered, group_offers

_logger = logging.getLogger(__name__)

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
        string="Then",
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
        return self._open()

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
            return self._open()
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
        return self._open()

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
        for plan in self.filtered(lambda plan: plan.state == "running"):
            if not plan.line_ids.filtered(lambda line: line.state == "waiting"):
                plan._set_state("done")

    @api.model
    def _cron_list(self):
        """Work off confirmed tables, a batch per transaction, with the rights of who confirmed them."""
        cron, lines = self.env["ir.cron"], self.env["dropship.list.offers.line"]
        domain = [("plan_id.state", "=", "running"), ("state", "=", "waiting")]
        while True:
            found = lines.search(domain, order="plan_id, id", limit=BATCH)
            batch = (found & found[:1].plan_id.line_ids).try_lock_for_update()
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


class DropshipListOffersLine(models.Model):
    """One product of the table: which offers it is, what it may be already, what it would cost and sell at."""

    _name = "dropship.list.offers.line"
    _description = "Product to List"
    _order = "plan_id, sequence, id"

    plan_id = fields.Many2one("dropship.list.offers", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="plan_id.currency_id")
    sequence = fields.Integer()
    name = fields.Char(required=True)
    offer_ids = fields.Many2many("dropship.offer", "dropship_list_offers_line_offer_rel", string="Offers")
    variants = fields.Json(string="Variants in Figures", help="[[[[attribute, value], …], [offer ids]], …]")
    variant_text = fields.Char(string="Variants", compute="_compute_variant_text")
    match = fields.Selection(
        [
            ("new", "New"),
            ("linked", "Linked already"),
            ("barcode", "Same barcode"),
            ("code", "Same code"),
            ("name", "Similar name"),
            ("several", "Several possible"),
        ],
        string="Found",
        default="new",
        readonly=True,
    )
    candidate_ids = fields.Many2many(
        "product.template", "dropship_list_offers_line_candidate_rel", string="May Be", readonly=True
    )
    product_tmpl_id = fields.Many2one("product.template", string="Existing Product", ondelete="set null")
    decision = fields.Selection(
        [("link", "It is this product"), ("new", "A new product"), ("skip", "Leave out")]
    )
    categ_id = fields.Many2one("product.category", string="Category")
    public_categ_ids = fields.Many2many(
        "product.public.category", "dropship_list_offers_line_public_rel", string="Shop Categories"
    )
    picture_count = fields.Integer(string="Pictures", readonly=True)
    landed = fields.Monetary(string="Cost at the Door", readonly=True, help="At the first main destination.")
    price = fields.Monetary(help="On the channel, as customers see it.")
    margin = fields.Float(string="Margin (%)", readonly=True, digits=(16, 1))
    margins = fields.Json(
        string="Margins in Figures", readonly=True, help="[[country id, cost at the door, margin], …]"
    )
    margin_text = fields.Char(string="Margins", compute="_compute_margin_text")
    state = fields.Selection(
        [("waiting", "Waiting"), ("done", "Listed"), ("skipped", "Left Out"), ("failed", "Failed")],
        default="waiting",
        required=True,
        readonly=True,
        index=True,
    )
    message = fields.Char(string="Problem", readonly=True)
    listing_id = fields.Many2one("dropship.listing", ondelete="set null", readonly=True, index="btree_not_null")

    @api.depends("variants")
    def _compute_variant_text(self):
        for line in self:
            variants = line.variants or []
            texts = [" / ".join(value for _name, value in attributes) for attributes, _offers in variants]
            texts = [text for text in texts if text]
            line.variant_text = ", ".join(texts[:8]) + (" …" if len(texts) > 8 else "")

    @api.depends("margins")
    @api.depends_context("lang")
    def _compute_margin_text(self):
        ids = {row[0] for line in self for row in line.margins or []}
        codes = {country.id: country.code for country in self.env["res.country"].browse(ids)}
        for line in self:
            line.margin_text = " · ".join(
                f"{codes.get(country_id)} {'–' if margin is None else f'{margin:.1f} %'}"
                for country_id, _landed, margin in line.margins or []
            )

    @api.onchange("product_tmpl_id")
    def _onchange_product_tmpl_id(self):
        if self.product_tmpl_id:
            self.decision = "link"

    @api.onchange("decision")
    def _onchange_decision(self):
        if self.decision == "link" and not self.product_tmpl_id and len(self.candidate_ids) == 1:
            self.product_tmpl_id = self.candidate_ids._origin

    def write(self, vals):
        """Override: what is worked off stays as it was done."""
        if {"decision", "product_tmpl_id", "price", "name"} & vals.keys():
            for plan in self.plan_id:
                if plan.state != "draft" and not self.env.su:
                    raise UserError(self.env._("This was confirmed already. Start anew from the offers."))
        return super().write(vals)

    def listing_ids_of(self):
        return self.listing_id

    def action_link(self):
        """It is the product that was found."""
        for line in self:
            found = line.product_tmpl_id or line.candidate_ids
            if len(found) != 1:
                raise UserError(self.env._("Choose which of the products %s is.", line.name))
            line.write({"product_tmpl_id": found.id, "decision": "link"})
        return True

    def action_new(self):
        self.write({"decision": "new", "product_tmpl_id": False})
        return True

    def action_skip(self):
        self.write({"decision": "skip"})
        return True

    def _work(self):
        """List the lines, as one set if that works, else one by one: a bad one keeps nothing of the others."""
        todo = self.filtered(lambda line: line.state == "waiting")
        skipped = todo.filtered(lambda line: line.decision == "skip")
        skipped.write({"state": "skipped"})
        lines = todo - skipped
        try:
            with self.env.cr.savepoint():
                lines._list()
            return
        except (OperationalError, ConcurrencyError):
            raise
        except Exception as error:  # whatever it is, it is one line's: found by trying each
            if len(lines) == 1:
                lines._fail(error)
                return
            self.env.invalidate_all(flush=False)
        for line in lines:
            line._work()

    def _fail(self, error):
        _logger.info("Product to list %s: %s", self.ids, error, exc_info=not isinstance(error, UserError))
        self.env.invalidate_all(flush=False)
        text = error.args[0] if isinstance(error, UserError) and error.args else str(error)
        self.write({"state": "failed", "message": str(text)[:500]})

    def _list(self):
        """Products, links, listings and pictures of these lines, each step for all of them."""
        new = self.filtered(lambda line: line.decision == "new")
        new._map_attributes()
        links = self.filtered(lambda line: line.decision == "link")
        without = links.filtered(lambda line: not line.product_tmpl_id)
        if without:
            raise UserError(self.env._("Choose which product %s is.", without[0].name))
        offer_of = new._make_products()
        for line in links:
            offer_of.update(line._variants_of(line.product_tmpl_id))
        self._link_offers(offer_of)
        by_channel = defaultdict(lambda: self.browse())
        for line in self:
            by_channel[line.plan_id] |= line
        for plan, lines in by_channel.items():
            templates = lines.product_tmpl_id
            listings = self.env["dropship.listing"]._publish(templates, plan.channel_id, plan.wanted)
            found = {listing.product_tmpl_id.id: listing.id for listing in listings}
            for line in lines:
                line.sudo().write({"state": "done", "listing_id": found.get(line.product_tmpl_id.id), "message": False})
        self._ask_pictures()
