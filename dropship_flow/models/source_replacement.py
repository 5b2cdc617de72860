"""Replace a source (换供应商): another supplier takes over the goods of one, everywhere and in one step."""

from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from .reason_text import reasons_line

LIVE = ("draft", "sent", "sale")
MATCHES = [("product", "Same product"), ("barcode", "Same GTIN"), ("sku", "Same code"), ("hand", "Chosen by hand")]


class DropshipSourceReplacement(models.Model):
    """What is replaced by what, what it changes, and how to take it back. Kept for good: it is the journal."""

    _name = "dropship.source.replacement"
    _description = "Replacement of a Source"
    _inherit = ["dropship.state.mixin", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    _transitions = frozenset({("draft", "done"), ("done", "undone"), ("draft", "cancel")})

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [("draft", "Proposed"), ("done", "Replaced"), ("undone", "Taken Back"), ("cancel", "Dropped")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    supplier_id = fields.Many2one(
        "dropship.supplier", string="Replace", required=True, ondelete="cascade", index=True, check_company=True
    )
    new_supplier_id = fields.Many2one(
        "dropship.supplier",
        string="Replaced By",
        required=True,
        ondelete="cascade",
        index=True,
        check_company=True,
        domain="[('id', '!=', supplier_id), ('state', 'in', ('trial', 'approved')), ('blocked', '=', False)]",
    )
    offer_ids = fields.Many2many(
        "dropship.offer",
        "dropship_source_replacement_offer_rel",
        string="Only These",
        domain="[('supplier_id', '=', supplier_id), ('product_id', '!=', False)]",
        help="Empty: everything we buy from the supplier.",
    )
    pause_supplier = fields.Boolean(help="Nothing more is bought from the old supplier at all.")
    reason = fields.Char(tracking=True)
    line_ids = fields.One2many("dropship.source.replacement.line", "replacement_id", string="Goods")
    matched_count = fields.Integer(string="Matched", compute="_compute_totals")
    unmatched_count = fields.Integer(string="Without Match", compute="_compute_totals")
    dearer_count = fields.Integer(string="Dearer", compute="_compute_totals")
    cost_before = fields.Monetary(compute="_compute_totals", help="One of each matched product, to the destination.")
    cost_after = fields.Monetary(compute="_compute_totals")
    margin_before = fields.Monetary(compute="_compute_totals")
    margin_after = fields.Monetary(compute="_compute_totals")
    place = fields.Char(string="Destination", readonly=True)
    order_count = fields.Integer(string="Orders Routed Again", readonly=True)
    pin_count = fields.Integer(string="Pins Moved", readonly=True)
    agreement_count = fields.Integer(string="Agreed Prices Ended", readonly=True)
    kept_count = fields.Integer(
        string="Orders Left Alone", readonly=True, help="The old supplier has them already: he finishes them."
    )
    before = fields.Json(readonly=True, copy=False, groups="base.group_system", help="What it was, for taking it back.")
    done_by_id = fields.Many2one("res.users", string="Carried Out By", readonly=True, copy=False)
    done_at = fields.Datetime(string="Replaced On", readonly=True, copy=False)
    undone_by_id = fields.Many2one("res.users", string="Taken Back By", readonly=True, copy=False)
    undone_at = fields.Datetime(string="Taken Back On", readonly=True, copy=False)

    _two_suppliers = models.Constraint(
        "CHECK (supplier_id <> new_supplier_id)", "A supplier cannot replace himself. Choose another one."
    )
    _one_open = models.UniqueIndex(
        "(supplier_id, new_supplier_id, company_id, create_uid) WHERE state = 'draft'",
        "You have a proposal for these two suppliers already. Go on with that one, or drop it.",
    )

    @api.depends("supplier_id.name", "new_supplier_id.name")
    def _compute_name(self):
        for record in self:
            record.name = f"{record.supplier_id.name} → {record.new_supplier_id.name}"

    @api.depends("line_ids.new_offer_id", "line_ids.cost_before", "line_ids.cost_after", "line_ids.sale_price")
    def _compute_totals(self):
        for record in self:
            matched = record.line_ids.filtered("new_offer_id")
            known = matched.filtered(lambda line: line.cost_before and line.cost_after)
            record.matched_count = len(matched)
            record.unmatched_count = len(record.line_ids) - len(matched)
            record.dearer_count = len(known.filtered(lambda line: line.cost_after > line.cost_before))
            record.cost_before = sum(known.mapped("cost_before"))
            record.cost_after = sum(known.mapped("cost_after"))
            record.margin_before = sum(known.mapped("margin_before"))
            record.margin_after = sum(known.mapped("margin_after"))

    # ------------------------------------------------------------------
    # Proposing
    # ------------------------------------------------------------------

    def action_propose(self):
        """Find for everything bought from the old supplier what the new one has of it."""
        for record in self:
            record.check_access("write")
            record._must_be_draft()
            record._propose()
        return True

    def _must_be_draft(self):
        for record in self:
            if record.state != "draft":
                raise UserError(self.env._("%s is finished already. Create a new replacement.", record.name))

    def _propose(self):
        """Rows chosen by hand stay as they are."""
        self.ensure_one()
        old_offers = self._old_offers()
        if not old_offers:
            raise UserError(self.env._("Nothing is bought from %s here.", self.supplier_id.name))
        by_hand = self.line_ids.filtered(lambda line: line.matched_by == "hand" and line.offer_id in old_offers)
        (self.line_ids - by_hand).unlink()
        rest = old_offers - by_hand.offer_id
        found = self._matches(rest)
        self.env["dropship.source.replacement.line"].create(
            [
                {
                    "replacement_id": self.id,
                    "offer_id": offer.id,
                    "product_id": offer.product_id.id,
                    "new_offer_id": found[offer][0].id if offer in found else False,
                    "matched_by": found[offer][1] if offer in found else False,
                }
                for offer in rest
            ]
        )
        self._compare()

    def _old_offers(self):
        offers = self.env["dropship.offer"]
        domain = Domain("supplier_id", "=", self.supplier_id.id) & Domain("product_id", "!=", False)
        domain &= offers._company_domain(self.company_id)
        if self.offer_ids:
            domain &= Domain("id", "in", self.offer_ids.ids)
        return offers.search(domain, order="product_id, sequence, id")

    def _matches(self, old_offers):
        """The new supplier's offer for each old one: {old offer: (new offer, matched by)}.

        By the product it is linked to, then by GTIN, then by the code. What is linked to another product is no match.
        Of several the one the supplier sells first, then the cheapest.
        """
        offers = self.env["dropship.offer"]
        codes = {offer: self._codes(offer) for offer in old_offers}
        barcodes = sorted({code for found in codes.values() for code in found})
        base = Domain("supplier_id", "=", self.new_supplier_id.id) & offers._company_domain(self.company_id)
        by_product = offers.search(base & Domain("product_id", "in", old_offers.product_id.ids)).grouped("product_id")
        free = base & Domain("product_id", "=", False)
        by_barcode = offers.search(free & Domain("barcode", "in", barcodes)).grouped("barcode") if barcodes else {}
        by_sku = offers.search(free & Domain("sku", "in", old_offers.mapped("sku"))).grouped("sku")
        result, taken = {}, set()
        for offer in old_offers:
            same_code = offers.union(*(by_barcode.get(code, offers) for code in codes[offer]))
            for found, how in (
                (by_product.get(offer.product_id, offers), "product"),
                (same_code, "barcode"),
                (by_sku.get(offer.sku, offers), "sku"),
            ):
                usable = found.filtered(lambda one: one.price > 0 and (one.product_id or one.id not in taken))
                if usable:
                    chosen = min(usable, key=lambda one: (one.sequence, one.price / (one.factor or 1.0), one.id))
                    taken.add(chosen.id)
                    result[offer] = (chosen, how)
                    break
        return result

    @api.model
    def _codes(self, offer):
        """The GTINs an offer and its product go by, as 14 digits."""
        texts = {offer.barcode, offer.product_id.barcode}
        return {text.zfill(14) for text in texts if text and text.isdecimal() and 8 <= len(text) <= 14}

    def _compare(self):
        """Cost and margin before and after, at the main destination."""
        for record in self:
            lines = record.line_ids
            company = record.company_id
            offers = (lines.offer_id | lines.new_offer_id).with_company(company)
            place, channel = offers._browse_place(company)
            costs = offers._browse_costs(place, company)
            sales = record._sale_prices(lines.product_id, channel, company)
            country = self.env["res.country"].browse(place["country_id"])
            record.place = " ".join(filter(None, (country.name, place["zip"]))) or False
            for line in lines:
                old, new = costs.get(line.offer_id.id), costs.get(line.new_offer_id.id)
                line.write(
                    {
                        "sale_price": sales.get(line.product_id.id, 0.0),
                        "cost_before": (old and old[0]) or 0.0,
                        "cost_after": (new and new[0]) or 0.0,
                        "days_before": old[1] if old else 0,
                        "days_after": new[1] if new else 0,
                        "why": [list(reason) for reason in new[2]] if new else False,
                    }
                )

    @api.model
    def _sale_prices(self, products, channel, company):
        """{product id: what one unit sells for on the channel without tax, company currency}."""
        products = products.with_company(company)
        if not products:
            return {}
        today = fields.Date.context_today(self)
        # Prices are what the shop shows; whoever compares sources need not manage them.
        pricelist_sudo = channel.sudo().pricelist_id
        if pricelist_sudo:
            prices = pricelist_sudo._get_products_price(products, 1.0)
            currency = pricelist_sudo.currency_id
        else:
            prices = {product.id: product.lst_price for product in products}
            currency = company.currency_id
        result = {}
        for product in products:
            taxes = product.sudo().taxes_id._filter_taxes_by_company(company)
            price = prices.get(product.id) or 0.0
            net = taxes.compute_all(price, currency=currency, product=product)["total_excluded"] if taxes else price
            result[product.id] = currency._convert(net, company.currency_id, company, today, round=False)
        return result

    # ------------------------------------------------------------------
    # Replacing
    # ------------------------------------------------------------------

    def action_replace(self):
        """Do it: all of it or nothing. Doing it twice changes nothing more."""
        for record in self:
            record.check_access("write")
            record.lock_for_update()
            record.invalidate_recordset(["state"])
            if record.state != "done":
                record._must_be_draft()
                # Orders, purchases and pins belong to the desk; the buyer decides where they go.
                record.sudo()._replace(record.env.user)
        return True

    def _replace(self, user):
        self.ensure_one()
        lines = self.line_ids.filtered("new_offer_id")
        if not lines:
            raise UserError(
                self.env._("Nothing is matched. Choose for at least one product what the new supplier has of it.")
            )
        if self.pause_supplier and self.unmatched_count:
            raise UserError(
                self.env._(
                    "%(count)s products have no source after the supplier is paused. Match them, or do not pause him.",
                    count=self.unmatched_count,
                )
            )
        self._check_new_supplier(lines)
        before = {"offers": lines._swap_offers(), "agreements": self._end_agreements(lines)}
        before["pins"] = self._move_pins(lines)
        if self.pause_supplier and self.supplier_id.state in ("trial", "approved"):
            before["paused"] = self.supplier_id.state
            self.supplier_id.action_pause()
        orders, kept = self._orders(lines.offer_id)
        self._set_state(
            "done",
            done_by_id=user.id,
            done_at=fields.Datetime.now(),
            before=before,
            order_count=len(orders),
            kept_count=len(kept),
            pin_count=len(before["pins"]),
            agreement_count=len(before["agreements"]),
        )
        self._tell(lines)
        orders._dropship_route_again()

    def _check_new_supplier(self, lines):
        supplier = self.new_supplier_id
        if supplier.state not in ("trial", "approved") or supplier.blocked or not supplier.active:
            raise UserError(self.env._("%s cannot be bought from now. Approve him first.", supplier.name))
        for line in lines:
            linked = line.new_offer_id.product_id
            if linked and linked != line.product_id:
                raise UserError(
                    self.env._(
                        "%(code)s of %(supplier)s is linked to %(product)s already. Choose another one for %(wanted)s.",
                        code=line.new_offer_id.sku,
                        supplier=supplier.name,
                        product=linked.display_name,
                        wanted=line.product_id.display_name,
                    )
                )

    def _end_agreements(self, lines):
        """Prices agreed with the old supplier for these products end yesterday: [[row, first day, last day]]."""
        today = fields.Date.context_today(self)
        rows = self.env["product.supplierinfo"].search(
            Domain("partner_id", "=", self.supplier_id.partner_id.id)
            & Domain("dropship_offer_id", "=", False)
            & Domain("product_tmpl_id", "in", lines.product_id.product_tmpl_id.ids)
            & Domain("company_id", "in", (self.company_id.id, False))
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", today))
        )
        # A price for all variants stays while another variant is still bought there.
        rows = rows.filtered(
            lambda row: row.product_id in lines.product_id
            if row.product_id
            else row.product_tmpl_id.product_variant_ids <= lines.product_id
        )
        before = [
            [row.id, *(fields.Date.to_string(day) or False for day in (row.date_start, row.date_end))] for row in rows
        ]
        for row in rows:
            end = today - timedelta(days=1)
            # One that has not begun never begins.
            row.write({"date_end": end, "date_start": min(row.date_start, end) if row.date_start else False})
        return before

    def _move_pins(self, lines):
        """Order lines pinned to the old supplier that are not with him yet: pinned to the new one."""
        choices = self.env["dropship.line.choice"].search(
            Domain("supplier_id", "=", self.supplier_id.id)
            & Domain("kind", "=", "pin")
            & Domain("company_id", "=", self.company_id.id)
            & Domain("order_id.state", "in", LIVE)
        )
        rows = self.env["dropship.allocation"].search(
            [("line_id", "in", choices.line_id.ids), ("state", "in", ("submitted", "accepted", "shipped"))]
        )
        excluded = self.env["dropship.line.choice"].search(
            [("line_id", "in", choices.line_id.ids), ("supplier_id", "=", self.new_supplier_id.id)]
        )
        products = lines.product_id
        moved = choices.filtered(
            lambda choice: choice.line_id not in rows.line_id | excluded.line_id
            and choice.line_id.product_id in products
        )
        moved.write({"supplier_id": self.new_supplier_id.id})
        return moved.ids

    def _orders(self, offers):
        """(orders to route again, orders the old supplier has already)."""
        rows = self.env["dropship.allocation"].search(
            [("offer_id", "in", offers.ids), ("state", "in", ("planned", "submitted", "accepted"))]
        )
        planned = rows.filtered(lambda row: row.state == "planned")
        return planned.order_id, (rows - planned).order_id

    def _tell(self, lines):
        body = self.env._(
            "%(new)s delivers %(count)s products instead of %(old)s: %(record)s",
            new=self.new_supplier_id.name,
            old=self.supplier_id.name,
            count=len(lines),
            record=self.reason or "",
        )
        for supplier in self.supplier_id | self.new_supplier_id:
            supplier.message_post(body=body)

    # ------------------------------------------------------------------
    # Taking it back
    # ------------------------------------------------------------------

    def action_undo(self):
        """Put everything back as it was, as far as it is still as the replacement left it."""
        for record in self:
            record.check_access("write")
            record.lock_for_update()
            record.invalidate_recordset(["state"])
            if record.state != "undone":
                record.sudo()._undo(record.env.user)
        return True

    def _undo(self, user):
        self.ensure_one()
        before = self.before or {}
        if before.get("paused") and self.supplier_id.state == "paused":
            self.supplier_id.action_resume()
        self._undo_offers(before.get("offers", []))
        today = fields.Date.context_today(self)
        for row_id, first, last in before.get("agreements", []):
            row = self.env["product.supplierinfo"].browse(row_id).exists()
            if row and row.date_end and row.date_end <= today:
                row.write({"date_start": first, "date_end": last})
        pins = self.env["dropship.line.choice"].browse(before.get("pins", [])).exists()
        pins = pins.filtered(lambda pin: pin.supplier_id == self.new_supplier_id and pin.order_id.state in LIVE)
        pins.write({"supplier_id": self.supplier_id.id})
        orders, _kept = self._orders(self.line_ids.new_offer_id)
        self._set_state("undone", undone_by_id=user.id, undone_at=fields.Datetime.now())
        orders._dropship_route_again()

    def _undo_offers(self, rows):
        """Old offers are bought again; new ones stand where they stood, and stay linked when orders name them."""
        offers = self.env["dropship.offer"].with_context(active_test=False)
        used = self.env["dropship.allocation"].search(
            [("offer_id", "in", [row["id"] for row in rows])]
        ).offer_id
        changes = defaultdict(offers.browse)
        for row in rows:
            offer = offers.browse(row["id"]).exists()
            values = {name: row[name] for name in ("active", "sequence") if name in row}
            if "product_id" in row and offer not in used:
                values |= {"product_id": row["product_id"], "factor": row["factor"]}
            changes[tuple(sorted(values.items()))] |= offer
        for values, found in changes.items():
            found.write(dict(values))

    def action_drop(self):
        self.check_access("write")
        self._set_state("cancel")
        return True

    @api.ondelete(at_uninstall=False)
    def _unlink_except_journal(self):
        if any(record.state in ("done", "undone") for record in self):
            raise UserError(self.env._("What was replaced stays on record. Take it back instead."))


class DropshipSourceReplacementLine(models.Model):
    _name = "dropship.source.replacement.line"
    _description = "Replacement of a Source: Product"
    _order = "replacement_id, new_offer_id desc, product_id, id"

    replacement_id = fields.Many2one("dropship.source.replacement", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="replacement_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(related="replacement_id.state")
    new_supplier_id = fields.Many2one(related="replacement_id.new_supplier_id")
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade")
    offer_id = fields.Many2one("dropship.offer", string="Old", required=True, readonly=True, ondelete="cascade")
    new_offer_id = fields.Many2one(
        "dropship.offer",
        string="New",
        ondelete="cascade",
        domain="[('supplier_id', '=', new_supplier_id), ('product_id', 'in', (False, product_id))]",
    )
    matched_by = fields.Selection(MATCHES, readonly=True)
    sale_price = fields.Monetary(string="Sells For", readonly=True)
    cost_before = fields.Monetary(readonly=True)
    cost_after = fields.Monetary(readonly=True)
    margin_before = fields.Monetary(compute="_compute_margins")
    margin_after = fields.Monetary(compute="_compute_margins")
    change = fields.Monetary(string="Change of Cost", compute="_compute_margins")
    days_before = fields.Integer(readonly=True)
    days_after = fields.Integer(readonly=True)
    why = fields.Json(readonly=True)
    why_text = fields.Char(string="Against It", compute="_compute_why_text")

    _once = models.UniqueIndex("(replacement_id, offer_id)", "This offer is replaced already.")

    @api.depends("sale_price", "cost_before", "cost_after")
    def _compute_margins(self):
        for line in self:
            line.margin_before = line.sale_price - line.cost_before if line.sale_price and line.cost_before else 0.0
            line.margin_after = line.sale_price - line.cost_after if line.sale_price and line.cost_after else 0.0
            line.change = line.cost_after - line.cost_before if line.cost_before and line.cost_after else 0.0

    @api.depends("why")
    @api.depends_context("lang")
    def _compute_why_text(self):
        for line in self:
            line.why_text = reasons_line(self.env, line.why) if line.why else False

    def write(self, vals):
        """Override: what a person chooses stays chosen, and is compared at once."""
        chosen = "new_offer_id" in vals and "matched_by" not in vals
        if chosen:
            self.replacement_id._must_be_draft()
            vals = {**vals, "matched_by": "hand" if vals["new_offer_id"] else False}
        result = super().write(vals)
        if chosen:
            self.replacement_id._compare()
        return result

    def _swap_offers(self):
        """The new offers stand where the old ones stood; the old ones are put away.

        :return: what each was, for taking it back
        """
        before, changes = {}, defaultdict(self.env["dropship.offer"].browse)
        for line in self:
            old, new = line.offer_id, line.new_offer_id
            before.setdefault(old.id, {"id": old.id, "active": old.active})
            before.setdefault(
                new.id,
                {"id": new.id, "active": new.active, "sequence": new.sequence, "factor": new.factor,
                 "product_id": new.product_id.id},
            )  # fmt: skip
            link = () if new.product_id else (("product_id", line.product_id.id),)
            key = (("active", True), ("sequence", min(old.sequence, new.sequence)), *link)
            changes[key] |= new
        for values, offers in changes.items():
            offers.write(dict(values))
        # A new offer that was linked before is never unlinked again.
        for row in before.values():
            if row.get("product_id"):
                del row["product_id"], row["factor"]
        self.offer_id.write({"active": False})
        return list(before.values())


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    def action_replace_source(self):
        """Another supplier takes over everything bought here."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Replace a Source"),
            "res_model": "dropship.source.replacement",
            "view_mode": "form",
            "context": {"default_supplier_id": self.id},
        }


class DropshipOffer(models.Model):
    _inherit = "dropship.offer"

    def action_replace_source(self):
        """Another supplier takes over these goods."""
        suppliers = self.supplier_id
        if len(suppliers) > 1:
            raise UserError(self.env._("Choose offers of one supplier at a time."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Replace a Source"),
            "res_model": "dropship.source.replacement",
            "view_mode": "form",
            "context": {"default_supplier_id": suppliers.id, "default_offer_ids": [Command.set(self.ids)]},
        }
