import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from psycopg2.errors import SerializationFailure, UniqueViolation

from ..api.rules import status_of
from ..api.validate import BadBody, is_text, strict_json

KEEP_DAYS = 90


class DropshipApiRequest(models.Model):
    """A call of the order API that must not be done twice, or that was refused and can be corrected here.

    The desk sees that something waits; what customers' data it holds is for managers.
    """

    _name = "dropship.api.request"
    _description = "API Request"
    _order = "id desc"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True)
    key = fields.Char(string="Idempotency Key", readonly=True, groups="dropship_flow.group_dropship_manager")
    method = fields.Char(required=True, readonly=True)
    body_hash = fields.Char(readonly=True, index=True)
    state = fields.Selection(
        [
            ("working", "Being Worked On"),
            ("done", "Done"),
            ("partly", "Partly Refused"),
            ("rejected", "Refused"),
            ("repeated", "Corrected"),
        ],
        default="working",
        required=True,
        readonly=True,
        index=True,
    )
    body = fields.Text(
        help="What was refused. Correct it here and press Repeat.", groups="dropship_flow.group_dropship_manager"
    )
    errors = fields.Text(readonly=True, groups="dropship_flow.group_dropship_manager")
    status = fields.Integer(string="HTTP Status", readonly=True)
    response = fields.Json(readonly=True, groups="dropship_flow.group_dropship_manager")
    indexes = fields.Json(readonly=True, help="Places of the kept orders in the call.")
    times = fields.Integer(default=1, readonly=True, help="How often exactly this body was sent and refused.")

    _key_uniq = models.UniqueIndex(
        "(company_id, user_id, key) WHERE key IS NOT NULL", "This idempotency key was used before."
    )
    _created_idx = models.Index("(create_date)")

    @api.depends("method")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.method} {row.id or ''}".strip()

    @api.model
    def _find(self, key):
        """The row of a key of the current user and company."""
        return self.search(
            [("company_id", "=", self.env.company.id), ("user_id", "=", self.env.uid), ("key", "=", key)], limit=1
        )

    @api.model
    def _begin(self, method, key, body_hash):
        """A row for a key that is used for the first time; empty when another transaction was first.

        The caller holds the lock of the key, so nobody is waited for here.
        """
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    """
                    INSERT INTO dropship_api_request
                           (company_id, user_id, key, method, body_hash, state, times,
                            create_uid, write_uid, create_date, write_date)
                    VALUES (%s, %s, %s, %s, %s, 'working', 1,
                            %s, %s, now() AT TIME ZONE 'utc', now() AT TIME ZONE 'utc')
                    RETURNING id
                    """,
                    [self.env.company.id, self.env.uid, key, method, body_hash, self.env.uid, self.env.uid],
                    log_exceptions=False,
                )
                (row_id,) = self.env.cr.fetchone()
        except (UniqueViolation, SerializationFailure):  # committed after this transaction's snapshot was taken
            return self.browse()
        return self.browse(row_id)

    @api.model
    def _keep(self, method, body_hash, **vals):
        """A row for a refused call without a key; the same body refused again is counted only."""
        domain = [
            ("company_id", "=", self.env.company.id),
            ("user_id", "=", self.env.uid),
            ("key", "=", False),
            ("method", "=", method),
            ("body_hash", "=", body_hash),
            ("state", "=", "rejected"),
        ]
        if vals["state"] == "rejected" and (old := self.search(domain, limit=1)):
            old.times += 1
            return old
        company = {"company_id": self.env.company.id, "user_id": self.env.uid}
        return self.create({"method": method, "body_hash": body_hash, **company, **vals})

    def action_repeat(self):
        """Do what was refused, with the corrected body, under the rights of whoever presses the button."""
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("rejected", "partly"):
            raise UserError(self.env._("Only refused calls can be repeated."))
        if not self.try_lock_for_update():
            raise UserError(self.env._("Somebody else repeats this call at the moment."))
        try:
            body = strict_json(self.body or "")
        except BadBody as error:
            raise UserError(self.env["dropship.api"]._sentences([error.problem])) from error
        except (ValueError, RecursionError) as error:
            raise UserError(self.env._("The body is no JSON: %s", error)) from error
        api_model = self.env["dropship.api"].with_company(self.company_id)._clean()
        problems = api_model._problems(self.method, body)
        if problems:
            raise UserError(api_model._sentences(problems))
        results = api_model._run(self.method, body)
        if results is None:
            raise UserError(self.env._("The orders are being worked on at the moment. Try again in a few seconds."))
        self.sudo()._take_results(body, results)  # the facts of a call are written by the machine only
        return True

    def _take_results(self, body, results):
        """Put the results of a repetition into the stored answer; what is still refused stays to be corrected."""
        self.ensure_one()
        response = dict(self.response or {})
        if "results" in response and self.indexes and len(self.indexes) == len(results):
            merged = list(response["results"])
            for place, result in zip(self.indexes, results, strict=True):
                merged[place] = {**result, "index": place}
            places = self.indexes
        else:
            merged, places = results, list(range(len(results)))
        refused = [number for number, result in enumerate(results) if result["status"] == "refused"]
        api_model = self.env["dropship.api"]
        left = api_model._left(self.method, body, refused)
        self.write(
            {
                "response": api_model._answer(merged),
                "status": status_of(merged),
                "state": "partly" if refused else "repeated",
                "body": as_text(left) if refused else False,
                "indexes": [places[number] for number in refused],
                "errors": api_model._errors_text(results),
            }
        )

    @api.model
    def _gc_old(self, domain=(), before=None, limit=10000):
        """Answers and refused bodies are kept for 90 days, unless the retention says else.

        :return int: how many were deleted
        """
        before = before or fields.Datetime.subtract(fields.Datetime.now(), days=KEEP_DAYS)
        rows = self.search([*domain, ("create_date", "<", before)], limit=limit)
        rows.unlink()
        return len(rows)


def as_text(body):
    """A body as a person reads and corrects it."""
    text = json.dumps(body, indent=2, ensure_ascii=False, default=str)
    return text if is_text(text) else json.dumps(body, indent=2, default=str)
