"""What happened in a case, as sentences."""

from odoo import api, fields, models
from odoo.tools import format_datetime, formatLang

from ..case.words import OUTCOMES


class DropshipReturnEvent(models.Model):
    _inherit = "dropship.return.event"

    said = fields.Text(string="What Happened", compute="_compute_said")

    @api.depends("code", "offer", "text", "ignored", "about_id")
    @api.depends_context("lang")
    def _compute_said(self):
        words = dict(self._fields["code"]._description_selection(self.env))
        for event in self:
            offered = event.offer or event.about_id.offer
            parts = [words.get(event.code, event.code)]
            if offered:
                parts.append(event.return_id._offer_words(offered))
            if event.parcel:
                parts.append(self.env._("Parcel %s", event.parcel))
            if event.code == "score":
                parts.append(f"{event.score}/5")
            if event.ignored:
                parts.append(self.env._("changes nothing"))
            event.said = " · ".join(parts)


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    def _offer_words(self, offer):
        """An offer as it was stored, in short: what, how many, how much, until when."""
        self.ensure_one()
        kinds = dict(self.env["dropship.resolution"]._fields["kind"]._description_selection(self.env))
        title = kinds.get(offer["kind"]) or dict(OUTCOMES).get(offer["kind"], offer["kind"])
        parts = [title, self._pieces_words(offer["lines"])]
        if offer.get("amount") is not None:
            parts.append(formatLang(self.env, float(offer["amount"]), currency_obj=self.currency_id))
        if offer.get("until"):
            until = fields.Datetime.to_datetime(offer["until"])
            parts.append(self.env._("until %s", format_datetime(self.env, until, dt_format="short")))
        return ", ".join(filter(None, parts))

    def _pieces_words(self, pieces):
        """[[line id, quantity], …] in words; nothing when it is all that was asked for."""
        asked = {line.id: line._decimal() for line in self.line_ids}
        given = {line: type(asked[line])(str(qty)) for line, qty in pieces if line in asked}
        if given == asked:
            return ""
        lines = self.env["dropship.return.line"]
        return " + ".join(
            f"{qty.normalize():f} × {lines.browse(line).product_id.display_name}" for line, qty in given.items()
        )
