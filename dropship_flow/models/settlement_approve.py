"""From a draft to an agreed statement: sent, objected to, agreed by word or by silence; only what fits is approved."""

import json
import logging

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import format_date
from psycopg2 import OperationalError

from ..settling import working_day
from .settlement import OPEN

_logger = logging.getLogger(__name__)

SAFE = (OperationalError, ConcurrencyError)
CHUNK = 1000


class DropshipSettlement(models.Model):
    _inherit = "dropship.settlement"

    objection_until = fields.Date(
        string="Objections Until", readonly=True, copy=False, help="Who says nothing until then agrees."
    )
    held_count = fields.Integer(string="Lines to Decide", compute="_compute_line_counts")
    clean_count = fields.Integer(string="Lines That Fit", compute="_compute_line_counts")
    line_count = fields.Integer(string="Number of Lines", compute="_compute_line_counts")

    @api.depends("line_ids.verdict")
    def _compute_line_counts(self):
        groups = self.env["dropship.settlement.line"]._read_group(
            [("settlement_id", "in", self.ids)], ["settlement_id", "verdict"], ["__count"]
        )
        counts = {}
        for settlement, verdict, count in groups:
            counts.setdefault(settlement, {})[verdict] = count
        for settlement in self:
            mine = counts.get(settlement, {})
            settlement.held_count = mine.get("held", 0) + mine.get("objected", 0)
            settlement.clean_count = mine.get("clean", 0) + mine.get("approved", 0)
            settlement.line_count = sum(mine.values())

    # ------------------------------------------------------------------
    # Which lines fit
    # ------------------------------------------------------------------

    def _judge(self):
        """Say of each document whether it may be approved, and why not."""
        self._judge_by_matching()
        self._take_objections()
        self.env["dropship.settlement.objection"].flush_model()
        self.env.cr.execute(
            """
            UPDATE dropship_settlement_line line
               SET verdict = 'held',
                   reasons = COALESCE(reasons, '[]') || '[["settle_since_sent", {}]]'::jsonb
             WHERE settlement_id = %(id)s AND since_sent AND verdict = 'clean';
            UPDATE dropship_settlement_line line
               SET verdict = CASE WHEN line.verdict = 'none' THEN 'none' ELSE 'objected' END,
                   reasons = COALESCE(line.reasons, '[]') || jsonb_build_array(
                       jsonb_build_array('settle_objected', jsonb_build_object('text', objection.text)))
              FROM dropship_settlement_objection objection
             WHERE line.settlement_id = %(id)s AND objection.current_id = %(id)s AND objection.state = 'open'
               AND (objection.line_key = line.key OR objection.move_id = line.move_id)
            """,
            {"id": self.id},
        )
        self.env["dropship.settlement.line"].invalidate_model(flush=False)

    def _judge_by_matching(self):
        """What the matching of bills says: set-based, a few queries for a thousand documents."""
        moves = self.env["account.move"].sudo()  # whoever sees the statement sees how its documents fit
        self.env.cr.execute(
            """
            SELECT DISTINCT move_id FROM dropship_settlement_line
             WHERE settlement_id = %s AND verdict IN ('clean', 'held') AND move_id IS NOT NULL
               AND kind NOT IN ('adjustment')
            """,
            [self.id],
        )
        ids = sorted(row[0] for row in self.env.cr.fetchall())
        for start in range(0, len(ids), CHUNK):
            rows = [move._settlement_match() for move in moves.browse(ids[start : start + CHUNK])]
            self.env.cr.execute(
                """
                UPDATE dropship_settlement_line line
                   SET match_state = judged.state, reasons = COALESCE(line.reasons, '[]') || judged.reasons,
                       verdict = CASE WHEN judged.held AND line.verdict = 'clean' THEN 'held' ELSE line.verdict END
                  FROM jsonb_to_recordset(%s::jsonb)
                       AS judged (id integer, state varchar, held boolean, reasons jsonb)
                 WHERE line.settlement_id = %s AND line.move_id = judged.id AND line.verdict IN ('clean', 'held')
                """,
                [json.dumps(rows), self.id],
            )

    # ------------------------------------------------------------------
    # Sent
    # ------------------------------------------------------------------

    def action_send(self):
        """Give the statement to the supplier; from now on he may object."""
        self.check_access("write")
        for settlement in self:
            settlement._lock()._refresh()
            if settlement.difference:
                raise UserError(settlement.tie_text)
            settlement._send()
        return True

    def _send(self):
        self.ensure_one()
        sudo = self.sudo()
        if sudo._set_state("sent", sent_at=fields.Datetime.now(), objection_until=self._window_end()):
            self._send_statement()

    def _window_end(self):
        """The last day for an objection, in the supplier's working days from today."""
        self.ensure_one()
        supplier_sudo = self.supplier_id.sudo()
        place = supplier_sudo.warehouse_ids[:1]
        today = fields.Date.context_today(self)
        closed = place._closed_ranges(today)[place.id] if place else []
        calendar = place.resource_calendar_id or self.company_id.sudo().resource_calendar_id

        def works(day):
            away = any(first <= day <= last for first, last in closed)
            return not away and (not calendar or calendar._dropship_works_on(day))

        return working_day(today, self.company_id.sudo().dropship_objection_days, works)

    # ------------------------------------------------------------------
    # Agreed
    # ------------------------------------------------------------------

    def action_approve(self):
        """Approve what fits; the rest stays open and goes on to the next statement."""
        self.check_access("write")
        today = fields.Date.context_today(self)
        for settlement in self:
            if settlement.state == "sent" and settlement.objection_until and settlement.objection_until >= today:
                settlement.message_post(
                    body=self.env._(
                        "Approved before the supplier's time to object is over (%s).",
                        format_date(self.env, settlement.objection_until),
                    )
                )
            settlement._approve(self.env.user.name)
        return True

    def _agree(self, author):
        """The supplier agrees.

        :param str author: who says so
        """
        self.ensure_one()
        if self.state == "objected":
            raise UserError(self.env._("There are objections that are not answered yet."))
        if self.state != "sent":
            return False
        self.sudo()._approve(author or self.supplier_id.sudo().name)
        return True

    def _approve(self, who, silent=False):
        """Book what is not booked, approve the documents that fit, and close the statement. Once.

        :param str who: shown as who agreed
        """
        self.ensure_one()
        self._lock()
        if self.state not in OPEN:
            return
        self._refresh()
        self._post_waiting_bills()
        if self._book_sources():
            self._refresh()
        if self.difference:
            raise UserError(self.tie_text)
        now = fields.Datetime.now()
        with self._first_come():
            clean = self.sudo().line_ids.filtered(lambda line: line.verdict == "clean")
            clean.write({"verdict": "approved", "approved_by": who, "approved_at": now})
            self.env.flush_all()
        self.sudo()._set_state("agreed", agreed_at=now, agreed_by=who, agreed_silently=silent)
        self._check_paid()

    def _post_waiting_bills(self):
        """Post the drafts whose matching finds nothing; the others stay drafts and stay on the statement."""
        drafts = self.sudo().line_ids.filtered(lambda line: line.kind == "draft").move_id
        moves = drafts.with_env(self.env)
        if moves:
            moves._dropship_approve()
            self._refresh()

    @api.model
    def _cron_silence(self, limit=200):
        """Whoever said nothing in time agrees."""
        domain = [("state", "=", "sent"), ("objection_until", "<", fields.Date.context_today(self))]
        for settlement in self.search(domain, limit=limit, order="objection_until, id"):
            try:
                found = settlement.try_lock_for_update().filtered_domain(domain)
                if found:
                    found._approve(found.env._("No objection in time"), silent=True)
                self.env["ir.cron"]._commit_progress(1)
            except SAFE:  # somebody works on it this very moment
                self.env.cr.rollback()
            except Exception:  # one statement must not stop the others
                _logger.exception("Statement %s could not be agreed by silence", settlement.id)
                self.env.cr.rollback()


class AccountMove(models.Model):
    _inherit = "account.move"

    def _settlement_match(self):
        """What the matching says, for a line of a statement: {id, state, held, reasons}."""
        self.ensure_one()
        reasons = list(self.dropship_bill_reasons or [])
        return {
            "id": self.id, "state": self.dropship_match_state or "", "held": self.dropship_held, "reasons": reasons,
        }  # fmt: skip
