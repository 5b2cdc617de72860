from datetime import date
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...allocating import Row, Spend, take
from .text import cost_reason

ORIGINS = [("hand", "By Hand"), ("file", "File"), ("api", "API")]
SLOT = ("date", "campaign_id", "source_id", "currency_id", "company_id")


class DropshipAdSpend(models.Model):
    """What advertising of a campaign at a source cost on a day, in one currency. What was restated is in its messages;
    a row that no longer counts is archived.
    """

    _name = "dropship.ad.spend"
    _description = "Advertising of a Day"
    _inherit = ["mail.thread"]
    _order = "date desc, campaign_id, source_id, id"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    date = fields.Date(required=True, default=fields.Date.context_today, string="Day")
    campaign_id = fields.Many2one(
        "utm.campaign", required=True, ondelete="restrict", index=True,
        domain="[('company_id', 'in', [False, company_id])]",
    )  # fmt: skip
    source_id = fields.Many2one("utm.source", required=True, ondelete="restrict", index=True)
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id, ondelete="restrict"
    )
    amount = fields.Monetary(string="Spent", required=True, tracking=True, help="Without tax that is paid back.")
    origin = fields.Selection(ORIGINS, string="Entered By", required=True, default="hand", readonly=True)
    file_id = fields.Many2one("dropship.ad.file", readonly=True, index="btree_not_null")
    active = fields.Boolean(default=True, tracking=True, help="Archived: it does not count any more.")

    _once = models.UniqueIndex(
        "(company_id, date, campaign_id, source_id, currency_id) WHERE active",
        "This day of the campaign at this source is entered already: change it there.",
    )
    _changed = models.Index("(company_id, write_date)")

    @api.depends("date", "campaign_id", "source_id")
    def _compute_display_name(self):
        for spend in self:
            parts = (spend.campaign_id.display_name, spend.source_id.name, spend.date and spend.date.isoformat())
            spend.display_name = " · ".join(part for part in parts if part)

    # ------------------------------------------------------------------
    # What cannot be
    # ------------------------------------------------------------------

    @api.constrains("date", "campaign_id", "source_id", "currency_id", "amount", "company_id")
    def _check_row(self):
        if self.env.context.get("ad_spend_taken"):
            return
        for company, spends in self.grouped("company_id").items():
            facts = self._facts(company)
            rows = [
                Row(spend.id, spend.date, spend.campaign_id.id, spend.source_id.id, spend.currency_id.name,
                    Decimal(repr(spend.amount)))
                for spend in spends
            ]  # fmt: skip
            for _number, code, figures in take(rows, [], *facts).problems:
                raise ValidationError(cost_reason(self.env, code, figures))
            spends._check_open()

    def _check_open(self):
        for company, spends in self.grouped("company_id").items():
            closed = self.env["dropship.cost.share"]._closed_before(company)
            for spend in spends:
                if spend.date < closed:
                    raise UserError(cost_reason(self.env, "closed_day", {"day": spend.date}))

    def write(self, vals):
        """Override: what a closed month reported stays, and a day keeps its history."""
        if not self.env.context.get("ad_spend_taken") and self and not vals.keys().isdisjoint(SLOT):
            raise UserError(self.env._("Archive it, and enter the right day, campaign, source and currency anew."))
        if not self.env.context.get("ad_spend_taken") and not vals.keys().isdisjoint({"amount", "active"}):
            self._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Archive it instead: what it was stays to be seen."))

    @api.model
    def _facts(self, company):
        """({campaign: its channel or None}, today, currencies) as the engine asks for them."""
        campaigns_sudo = self.env["utm.campaign"].sudo().with_context(active_test=False)
        found = campaigns_sudo.search([("company_id", "in", [False, company.id])])
        channels = {campaign.id: campaign.dropship_channel_id.id or None for campaign in found}
        today = self.env["dropship.cost.share"]._today(company)
        return channels, today, self.env["res.currency"]._dropship_currencies(company)

    # ------------------------------------------------------------------
    # In
    # ------------------------------------------------------------------

    @api.model
    def _look(self, company, rows):
        """What taking rows would do; nothing is written.

        :param list rows: [Row] with ids of campaigns and sources and codes of currencies
        :rtype: Taken
        """
        kept = [
            Spend(spend.date, spend.campaign_id.id, spend.source_id.id, spend.currency_id.name,
                  Decimal(str(spend.currency_id.round(spend.amount))))
            for spend in self._of_slots(company, rows)
        ]  # fmt: skip
        taken = take(rows, [self._whole(spend) for spend in kept], *self._facts(company))
        closed = self.env["dropship.cost.share"]._closed_before(company)
        late = {(change.day, change.campaign, change.source) for change in taken.changes if change.day < closed}
        problems = taken.problems + [
            (row.number, "closed_day", {"day": row.day})
            for row in rows
            if (row.day, row.campaign, row.source) in late
        ]  # fmt: skip
        changes = [change for change in taken.changes if change.day >= closed]
        return taken._replace(changes=changes, problems=problems)

    @staticmethod
    def _whole(spend):
        return spend._replace(amount=spend.amount.normalize() + 0)

    @api.model
    def _of_slots(self, company, rows, **domain):
        days = [row.day for row in rows if isinstance(row.day, date)]
        campaigns = {row.campaign for row in rows if row.campaign}
        return self.sudo().search(
            [("company_id", "=", company.id), ("date", "in", list(set(days))), ("campaign_id", "in", list(campaigns))]
        )

    @api.model
    def _take(self, company, rows, origin, file=None):
        """Take rows: a day of a campaign at a source is replaced by its rows.

        :rtype: Taken
        """
        self.check_access("create")
        taken = self._look(company, rows)
        currencies = {currency.name: currency.id for currency in self.env["res.currency"].search([])}
        spends = self.with_context(active_test=False)._of_slots(company, rows)
        known = {}
        for spend in spends.sorted("active"):  # of those with the same slot the one that counts comes last
            key = (spend.date, spend.campaign_id.id, spend.source_id.id, spend.currency_id.name)
            known[key] = spend.with_env(self.env).with_context(ad_spend_taken=True)
        fresh = []
        with self.env["dropship.state.mixin"]._first_come():
            for change in taken.changes:
                slot = (change.day, change.campaign, change.source)
                now = {spend.currency: float(spend.amount) for spend in change.after}
                for currency in {spend.currency for spend in change.before} - now.keys():
                    known[(*slot, currency)].active = False
                for currency, amount in now.items():
                    vals = {"amount": amount, "active": True, "origin": origin, "file_id": file and file.id}
                    if old := known.get((*slot, currency)):
                        old.write(vals)
                        continue
                    ids = {"date": change.day, "campaign_id": change.campaign, "source_id": change.source}
                    fresh.append({**vals, **ids, "company_id": company.id, "currency_id": currencies[currency]})
            self.with_context(ad_spend_taken=True, mail_create_nolog=True).create(fresh)
            self.flush_model()
        return taken
