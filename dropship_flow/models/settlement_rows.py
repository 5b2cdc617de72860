from odoo import api, models
from odoo.tools import format_date

from .settlement_line import COUNTING


class DropshipSettlement(models.Model):
    _inherit = "dropship.settlement"

    def _statement_rows(self, sections=None):
        """The whole statement as plain rows, as screen, PDF, spreadsheet and supplier's desk show it.

        :param sections: only these; None: all but those inside the opening balance
        :return: a list of dicts: `type` (opening, line, total, closing), `section`, `group` (its words), `counts` (part
            of the balance), `id` (of the line, or False), `date`, `document`, `reference`, `text`, `debit` (less is
            owed), `credit` (more is owed), `balance` (after the row; None for what is not part of it), `state` (words),
            `difference` (words), `due_date`. Amounts are floats in the statement's currency.
        """
        self.ensure_one()
        currency, balance = self.currency_id, self.opening
        lines = self.line_ids.sorted(lambda line: (line.place, line.date or self.date_to, line.id))
        words = dict(self.env["dropship.settlement.line"]._fields["section"]._description_selection(self.env))
        verdicts = dict(self.env["dropship.settlement.line"]._fields["verdict"]._description_selection(self.env))
        blank = {"section": "", "group": "", "counts": True, "id": False, "date": False, "document": "",
                 "reference": "", "text": "", "debit": 0.0, "credit": 0.0, "state": "", "difference": "",
                 "due_date": False}  # fmt: skip
        rows = [{**blank, "type": "opening", "text": self._opening_words(), "balance": balance, "date": self.date_from}]
        # The balance runs through what counts; what is for information follows the closing balance.
        for line in [line for line in lines if line.counts and line.kind != "opening"]:
            balance = currency.round(balance + line.amount)
            rows.append({**blank, **self._line_row(line, words, verdicts), "balance": balance})
        rows.append({**blank, "type": "closing", "text": self._closing_words(), "balance": self.closing,
                     "date": self.date_to})  # fmt: skip
        for line in [line for line in lines if not line.counts]:
            rows.append({**blank, **self._line_row(line, words, verdicts), "balance": None})
        return [row for row in rows if sections is None or row["section"] in sections]

    @api.model
    def _line_row(self, line, words, verdicts):
        return {
            "type": "line",
            "section": line.section,
            "group": words[line.section],
            "counts": line.counts,
            "id": line.id,
            "date": line.date,
            "document": line.document or "",
            "reference": line.reference or "",
            "text": " · ".join(part for part in (line.document, line.reference) if part),
            "debit": line.debit,
            "credit": line.credit,
            "state": verdicts[line.verdict] if line.kind not in (*COUNTING[:1], "unbilled", "apart") else "",
            "difference": line.reason or "",
            "due_date": line.due_date,
        }

    def _opening_words(self):
        if not self.date_from:
            return self.env._("Opening balance")
        return self.env._("Opening balance on %s", format_date(self.env, self.date_from))

    def _closing_words(self):
        return self.env._("Closing balance on %s", format_date(self.env, self.date_to))
