from odoo import api, fields, models
from odoo.exceptions import UserError

from .listing_text import HOLD_KINDS, listing_reasons_text

LISTING_STATES = [
    ("candidate", "Candidate"),
    ("draft", "Draft"),
    ("published", "Published"),
    ("hold", "On Hold"),
    ("delisted", "Delisted"),
]


class DropshipListing(models.Model):
    """A product on a sales channel: what a person wants of it, and what stands against it."""

    _name = "dropship.listing"
    _description = "Listing"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_names_search = ["product_tmpl_id.name", "product_tmpl_id.default_code"]
    _check_company_auto = True

    product_tmpl_id = fields.Many2one(
        "product.template", string="Product", required=True, ondelete="cascade", index=True, check_company=True
    )
    channel_id = fields.Many2one(
        "dropship.sales.channel", required=True, ondelete="cascade", index=True, check_company=True
    )
    website_id = fields.Many2one(related="channel_id.website_id")
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, precompute=True, required=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    image_128 = fields.Image(related="product_tmpl_id.image_128")
    categ_id = fields.Many2one(related="product_tmpl_id.categ_id", store=True, index=True, string="Category")
    wanted = fields.Selection(
        [("candidate", "Candidate"), ("draft", "Draft"), ("published", "Published"), ("delisted", "Delisted")],
        string="Wanted State",
        default="draft",
        required=True,
        tracking=True,
        help="What a person wants.",
    )
    reasons = fields.Json(readonly=True, copy=False, help="[[code, figures], …]: facts that keep it off the channel.")
    notices = fields.Json(readonly=True, copy=False, help="[[code, figures], …]: facts a person should know.")
    state = fields.Selection(
        LISTING_STATES,
        compute="_compute_state",
        store=True,
        index=True,
        help="What a person wants, less what fails.",
        group_expand=True,
    )
    hold_kind = fields.Selection(
        HOLD_KINDS, string="Why on Hold", compute="_compute_state", store=True, index=True, help="The first reason."
    )
    reason_text = fields.Text(string="What Stands Against It", compute="_compute_texts")
    notice_text = fields.Text(string="To Know", compute="_compute_texts")
    hold_note = fields.Char(string="Held Because", copy=False, readonly=True)
    hold_until = fields.Date(string="Held Until", copy=False, readonly=True)
    held_by_id = fields.Many2one("res.users", copy=False, readonly=True)
    event_ids = fields.One2many("dropship.listing.event", "listing_id", string="History", readonly=True)

    _template_channel_uniq = models.Constraint(
        "UNIQUE (product_tmpl_id, channel_id)", "This product is listed on this channel already."
    )

    @api.depends("channel_id.company_id")
    def _compute_company_id(self):
        for listing in self:
            listing.company_id = listing.channel_id.company_id or listing.company_id or self.env.company

    @api.depends("wanted", "reasons")
    def _compute_state(self):
        for listing in self:
            held = listing.wanted == "published" and listing.reasons
            listing.state = "hold" if held else listing.wanted
            listing.hold_kind = listing.reasons[0][0] if held else False

    @api.depends("reasons", "notices")
    @api.depends_context("lang")
    def _compute_texts(self):
        for listing in self:
            listing.reason_text = listing_reasons_text(self.env, listing.reasons or [])
            listing.notice_text = listing_reasons_text(self.env, listing.notices or [])

    @api.depends("product_tmpl_id.name", "channel_id.name")
    def _compute_display_name(self):
        for listing in self:
            parts = [listing.product_tmpl_id.display_name, listing.channel_id.name]
            listing.display_name = " · ".join(part for part in parts if part)

    @api.model_create_multi
    def create(self, vals_list):
        listings = super().create(vals_list)
        listings._follow_facts()
        return listings

    def write(self, vals):
        """Override: what a person wants shows on the channel at once."""
        templates = self.product_tmpl_id if {"product_tmpl_id", "channel_id"} & vals.keys() else None
        result = super().write(vals)
        if templates is not None or {"wanted", "hold_note", "hold_until"} & vals.keys():
            self._follow_facts()
            if templates:
                self._project_published(templates.ids)
        return result

    def unlink(self):
        templates = self.product_tmpl_id.ids
        mine = self.filtered("website_id").product_tmpl_id.ids
        result = super().unlink()
        self._project_published(templates, gone=mine)
        return result

    # === ACTION METHODS === #

    def action_publish(self):
        """Put the listings on their channels; what facts stand against goes on hold and comes by itself."""
        self.check_access("write")
        self._want("published", hold_note=False, hold_until=False, held_by_id=False)
        return self._said_held()

    def action_take_off(self):
        """Off the channel, kept as drafts."""
        self.check_access("write")
        self._want("draft")
        return True

    def action_delist(self):
        """Off the channel for good: nothing but a person brings a delisted product back."""
        self.check_access("write")
        self._want("delisted")
        return True

    def action_hold(self):
        """Ask why and until when, then hold the listings."""
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hold"),
            "res_model": "dropship.listing.hold",
            "view_mode": "form",
            "target": "new",
            "context": {"default_listing_ids": self.ids},
        }

    def action_release(self):
        """End what was held by hand; what facts hold stays on hold."""
        self.check_access("write")
        self.write({"hold_note": False, "hold_until": False, "held_by_id": False})
        return self._said_held()

    def action_check(self):
        """Look at the facts now."""
        self.check_access("write")
        self._follow_facts()
        self._judge()
        return True

    def action_open_product(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "product.template",
            "res_id": self.product_tmpl_id.id,
            "view_mode": "form",
        }

    def action_open_page(self):
        """The product's page in the shop."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.product_tmpl_id.website_url, "target": "new"}

    # === BUSINESS METHODS === #

    def _want(self, wanted, **vals):
        """Write what a person wants; again and again changes nothing."""
        moved = self.filtered(lambda listing: listing.wanted != wanted or any(listing[name] for name in vals))
        if moved:
            moved.write({"wanted": wanted, **vals})
        return moved

    def _said_held(self):
        """After publishing: how many are on the channel, how many wait and why."""
        held = self.filtered(lambda listing: listing.state == "hold")
        if not held:
            return True
        kinds = dict(self._fields["hold_kind"]._description_selection(self.env))
        counts = {kind: len(rows) for kind, rows in held.grouped("hold_kind").items()}
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "title": self.env._("%(count)s of %(all)s are on hold", count=len(held), all=len(self)),
                "message": " · ".join(f"{count} × {kinds.get(kind, kind)}" for kind, count in counts.items()),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _hold_by_hand(self, note, until=False):
        """A person takes listings off for a while.

        :raise UserError: without a reason, or until a day that is over
        """
        if not (note or "").strip():
            raise UserError(self.env._("Say in a few words why."))
        if until and until <= fields.Date.context_today(self):
            raise UserError(self.env._("Hold until a day after today, or leave the day empty."))
        self.write({"hold_note": note.strip(), "hold_until": until, "held_by_id": self.env.uid})
