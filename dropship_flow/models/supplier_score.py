from collections import Counter, defaultdict
from datetime import timedelta

from odoo import api, fields, models

from ..scoring import Record, score

DAYS = 90


class DropshipSupplier(models.Model):
    """The record of a supplier as figures, from the facts noted about him."""

    _inherit = "dropship.supplier"

    score_grade = fields.Selection(
        [("new", "New"), ("excellent", "Excellent"), ("good", "Good"), ("fair", "Fair"), ("poor", "Poor")],
        string="Grade",
        readonly=True,
        copy=False,
    )
    score_acceptance = fields.Float("Accepts", readonly=True, copy=False, aggregator="avg", help="Of 1.")
    score_on_time = fields.Float("Ships in Time", readonly=True, copy=False, aggregator="avg", help="Of 1.")
    score_cancel = fields.Float("Cancels", readonly=True, copy=False, aggregator="avg", help="Of 1, by own doing.")
    score_hours = fields.Float("Answers In (hours)", readonly=True, copy=False, aggregator="avg")
    score_cases = fields.Integer("Cases", readonly=True, copy=False)
    fact_count = fields.Integer(compute="_compute_fact_count")

    def _compute_fact_count(self):
        if not self.env["dropship.supplier.fact"].has_access("read"):
            self.fact_count = 0
            return
        groups = self.env["dropship.supplier.fact"]._read_group(
            [("supplier_id", "in", self.ids)], ["supplier_id"], ["__count"]
        )
        counts = {supplier.id: count for supplier, count in groups}
        for supplier in self:
            supplier.fact_count = counts.get(supplier.id, 0)

    def _dropship_score(self, days=DAYS):
        """The score of one supplier: see `_dropship_scores`."""
        self.ensure_one()
        return self._dropship_scores(days)[self.id]

    def _dropship_scores(self, days=DAYS):
        """What the last days say about each supplier, in two queries for all.

        Counts what the reader may read; with `sudo` all companies. Rates are shares of 1, shrunk towards what is usual
        as long as there are few cases (see `scoring`).

        :return: {supplier id: {acceptance, on_time, cancel, answer_hours (None: no answers), offences, cases, score,
            grade (new, excellent, good, fair, poor), grade_text, counts {kind: by his doing}, excused {kind: not by
            his doing}, trend (points against the days before)}}
        """
        now = fields.Datetime.now()
        recent = self._records(now - timedelta(days=days), now)
        before = self._records(now - timedelta(days=2 * days), now - timedelta(days=days))
        words = dict(self._fields["score_grade"]._description_selection(self.env))
        result = {}
        for supplier in self:
            record, excused = recent[supplier.id]
            figures = score(record)
            old = score(before[supplier.id][0])
            result[supplier.id] = {
                **figures,
                "grade_text": words[figures["grade"]],
                "counts": dict(record.counts),
                "excused": dict(excused),
                "trend": figures["score"] - old["score"] if old["cases"] and figures["cases"] else 0.0,
            }
        return result

    def _records(self, since, until):
        """{supplier id: (Record, what was not his doing)}"""
        rows = self.env["dropship.supplier.fact"]._read_group(
            [("supplier_id", "in", self.ids), ("at", ">", since), ("at", "<=", until)],
            ["supplier_id", "kind", "fault"],
            ["__count", "hours:sum", "hours:count"],
        )
        counts, excused = defaultdict(Counter), defaultdict(Counter)
        hours, answers = Counter(), Counter()
        for supplier, kind, fault, count, total, timed in rows:
            (counts if fault else excused)[supplier.id][kind] += count
            # Who accepts every order by agreement answers in no time: that is no answer.
            if kind in ("accepted", "refused", "short", "price_raised", "answered_in") and total:
                hours[supplier.id] += total
                answers[supplier.id] += timed
        return {
            supplier.id: (Record(counts[supplier.id], hours[supplier.id], answers[supplier.id]), excused[supplier.id])
            for supplier in self
        }

    def _store_scores(self):
        """Write the figures lists and routing look at. A supplier nothing is known about keeps what he has."""
        scores = self._dropship_scores()
        for supplier in self:
            figures = scores[supplier.id]
            if not figures["cases"]:
                continue
            values = {
                "score": round(figures["score"], 1),
                "score_trend": round(figures["trend"], 1),
                "score_grade": figures["grade"],
                "score_acceptance": round(figures["acceptance"], 4),
                "score_on_time": round(figures["on_time"], 4),
                "score_cancel": round(figures["cancel"], 4),
                "score_hours": round(figures["answer_hours"] or 0.0, 1),
                "score_cases": figures["cases"],
            }
            changed = {name: value for name, value in values.items() if supplier[name] != value}
            if changed:
                supplier.write(changed)

    @api.model
    def _cron_scores(self, batch=500):
        """Once a day: the scores of all suppliers."""
        suppliers = self.search([])
        for start in range(0, len(suppliers), batch):
            suppliers[start : start + batch]._store_scores()
            self.env["ir.cron"]._commit_progress(1)

    def action_refresh_score(self):
        """Compute the figures now."""
        self.check_access("read")
        self.sudo()._store_scores()  # they are computed, nobody types them
        return True

    def action_open_facts(self):
        """What the score is made of."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_supplier_fact"),
            "domain": [("supplier_id", "=", self.id)],
            "context": {"default_supplier_id": self.id, "search_default_recent": 1, "search_default_group_kind": 1},
        }
