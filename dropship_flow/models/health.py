"""Whether everything runs: queues, connections, scheduled actions. Made on the fly, nothing is stored."""

import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime

STATES = [("good", "Fine"), ("warn", "Look at it"), ("bad", "Needs you")]
PARTS = [("queue", "Messages"), ("connection", "Connections"), ("cron", "Scheduled Actions")]
MANAGER = "dropship_flow.group_dropship_manager"
INTERVALS = {
    "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1),
    "days": timedelta(days=1),
    "weeks": timedelta(weeks=1),
    "months": timedelta(days=30),
}
LEAST_PATIENCE = timedelta(minutes=15)
# Ids of lines: each company has room for the ids of connections and scheduled actions.
ROOM, PART_ROOM = 10**9, {"queue": 0, "connection": 10**8, "cron": 2 * 10**8}


class DropshipHealth(models.Model):
    """One page per company: green means nothing to read."""

    _name = "dropship.health"
    _description = "Health"
    _auto = False

    company_id = fields.Many2one("res.company", readonly=True)
    queue_ids = fields.One2many("dropship.health.line", "health_id", domain=[("part", "=", "queue")])
    connection_ids = fields.One2many("dropship.health.line", "health_id", domain=[("part", "=", "connection")])
    cron_ids = fields.One2many("dropship.health.line", "health_id", domain=[("part", "=", "cron")])
    headline = fields.Char(compute="_compute_headline")
    state = fields.Selection(STATES, compute="_compute_headline")

    @property
    def _table_query(self):
        return SQL("SELECT id, id AS company_id FROM res_company")

    def _compute_display_name(self):
        for health in self:
            health.display_name = self.env._("Health")

    @api.depends_context("allowed_company_ids", "lang")
    def _compute_headline(self):
        for health in self:
            states = (health.queue_ids | health.connection_ids | health.cron_ids).mapped("state")
            bad, warn = states.count("bad"), states.count("warn")
            health.state = "bad" if bad else "warn" if warn else "good"
            if bad:
                health.headline = self.env._("%s things need you.", bad)
            elif warn:
                health.headline = self.env._("It runs; %s things are worth a look.", warn)
            else:
                health.headline = self.env._("Everything runs.")

    @api.model
    def action_home(self):
        """Open the page of the company the reader works in."""
        action = self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_health_form")
        return {**action, "res_id": self.env.company.id}


class DropshipHealthLine(models.Model):
    _name = "dropship.health.line"
    _description = "Health: Line"
    _auto = False
    _order = "id"

    health_id = fields.Many2one("dropship.health", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    part = fields.Selection(PARTS, readonly=True)
    state = fields.Selection(STATES, readonly=True)
    title = fields.Char(readonly=True)
    count = fields.Integer(readonly=True)
    since = fields.Datetime(string="Oldest", readonly=True)
    last = fields.Datetime(readonly=True)
    next_call = fields.Datetime(readonly=True)
    text = fields.Char(string="What It Means", readonly=True)
    model = fields.Char(readonly=True)
    domain = fields.Char(readonly=True)
    can_switch_on = fields.Boolean(readonly=True)

    @property
    def _table_query(self):
        # The figures of all companies of the reader; rules then leave those he may see.
        companies = self.env["res.company"].sudo().search([]) if self.env.su else self.env.companies
        rows = [row for company in companies for row in self.env["dropship.health.check"]._rows(company)]
        columns = ("company", "id", "part", "state", "title", "count", "since", "last", "next", "text", "model")
        values = [
            SQL(
                "(%s::integer, %s::bigint, %s::varchar, %s::varchar, %s::varchar, %s::integer, %s::timestamp, "
                "%s::timestamp, %s::timestamp, %s::varchar, %s::varchar, %s::varchar, %s::boolean)",
                *(row.get(name) for name in columns),
                json.dumps(row["domain"], default=str),
                row.get("can_switch_on", False),
            )
            for row in rows
        ]
        nothing = SQL("(0, 0::bigint, '', '', '', 0, NULL::timestamp, NULL, NULL, '', '', '', FALSE)")
        return SQL(
            """
            SELECT line.id, line.company AS health_id, line.company AS company_id, line.part, line.state, line.title,
                   line.count, line.since, line.last, line.next_call, line.text, line.model, line.domain,
                   line.can_switch_on
              FROM (VALUES %s) AS line (company, id, part, state, title, count, since, last, next_call, text, model,
                                        domain, can_switch_on)
             WHERE line.company > 0
            """,
            SQL(", ").join([*values, nothing]),
        )

    def action_open(self):
        """Open exactly the records of the line."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.title,
            "res_model": self.model,
            "view_mode": "list,form",
            "domain": json.loads(self.domain),
            "context": {"active_test": False},
        }

    def action_switch_on(self):
        """Start a scheduled action of ours again that somebody, or its failures, switched off."""
        self.check_access("read")
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only a dropshipping manager can switch scheduled actions on."))
        for line in self.filtered("can_switch_on"):
            # Scheduled actions are the administrator's; switching ours on is the manager's as well.
            crons_sudo = self.env["ir.cron"].sudo().with_context(active_test=False).search(json.loads(line.domain))
            (crons_sudo & self.env["dropship.health.check"]._crons()).write(
                {"active": True, "failure_count": 0, "first_failure_date": False, "nextcall": fields.Datetime.now()}
            )
        return {"type": "ir.actions.client", "tag": "soft_reload"}


class DropshipHealthCheck(models.AbstractModel):
    """How each thing does. Reads with all rights: what comes out are states, counts and moments."""

    _name = "dropship.health.check"
    _description = "Health Checks"

    # Minutes a message may wait, by its state.
    LIMITS = {"ready": 15, "received": 15, "unknown": 30, "sending": 15}

    @api.model
    def _rows(self, company):
        """Every line of the health page of a company: dicts with the fields of `dropship.health.line`."""
        rows = [*self._queue_rows(company), *self._connection_rows(company), *self._cron_rows()]
        first = ROOM * company.id
        return [{**row, "company": company.id, "id": first + PART_ROOM[row["part"]] + row["id"]} for row in rows]

    @api.model
    def _queues(self, company):
        """{state: (count, oldest, whether nothing moves)} of the messages that are to be done."""
        self.env["dropship.exchange"].flush_model()
        query = SQL(
            """
            SELECT message.state, COUNT(*), MIN(message.create_date),
                   -- stands still: due for too long, the line is open, nothing before it, and nobody called lately
                   COALESCE(BOOL_OR(
                       (connection.id IS NULL OR (connection.active
                           AND (connection.paused_until IS NULL OR connection.paused_until < now() AT TIME ZONE 'utc')
                           AND COALESCE(connection.tokens_at, 'epoch')
                               < now() AT TIME ZONE 'utc' - interval '5 minutes'))
                       AND GREATEST(message.create_date, COALESCE(message.next_try, message.create_date))
                           < now() AT TIME ZONE 'utc' - make_interval(mins => limits.minutes)
                       AND NOT EXISTS (
                           SELECT FROM dropship_exchange earlier
                            WHERE earlier.purchase_id = message.purchase_id AND earlier.id < message.id
                              AND message.direction = 'out' AND earlier.direction = 'out'
                              AND earlier.state IN ('unknown', 'parked'))
                   ), FALSE)
              FROM dropship_exchange message
              JOIN (VALUES %s) AS limits (state, minutes) ON limits.state = message.state
         LEFT JOIN dropship_connection connection ON connection.id = message.connection_id
             WHERE message.company_id = %s
             GROUP BY message.state
            """,
            SQL(", ").join(SQL("(%s, %s)", state, minutes) for state, minutes in self.LIMITS.items()),
            company.id,
        )
        return {state: (count, oldest, stuck) for state, count, oldest, stuck in self.env.execute_query(query)}

    @api.model
    def _queue_rows(self, company):
        queues, now = self._queues(company), fields.Datetime.now()
        labels = {
            "ready": self.env._("Waiting to be sent"),
            "sending": self.env._("Being sent"),
            "unknown": self.env._("Outcome unknown"),
            "received": self.env._("Answers to be read"),
        }
        for number, (state, label) in enumerate(labels.items(), 1):
            count, oldest, stuck = queues.get(state, (0, None, False))
            old = oldest and oldest < fields.Datetime.subtract(now, minutes=self.LIMITS[state])
            text = ""
            if stuck:
                text = self.env._("Nothing moves: look whether the scheduled action below runs.")
            elif old:
                text = self.env._("It moves, but slowly: a line rests or its rate is low.")
            yield {
                "part": "queue", "id": number, "state": "bad" if stuck else "warn" if old else "good", "title": label,
                "count": count, "since": oldest, "text": text, "model": "dropship.exchange",
                "domain": [["state", "=", state], ["company_id", "=", company.id]],
            }  # fmt: skip
        domain = Domain("state", "in", ("parked", "rejected")) & Domain("company_id", "=", company.id)
        ((count, oldest),) = self.env["dropship.exchange"].sudo()._read_group(
            domain, [], ["__count", "create_date:min"]
        )
        yield {
            "part": "queue", "id": 9, "state": "warn" if count else "good", "title": self.env._("Needs a person"),
            "count": count, "since": oldest or None, "model": "dropship.exchange", "domain": list(domain),
            "text": self.env._("Open them: each says why it does not go.") if count else "",
        }  # fmt: skip

    @api.model
    def _connection_rows(self, company):
        # Reading a list of lines switches the test for active records off; those that are off are nobody's concern.
        connections_sudo = self.env["dropship.connection"].sudo().with_context(active_test=True)
        connections_sudo = connections_sudo.search([("company_id", "in", (company.id, False))])
        domain = Domain("connection_id", "in", connections_sudo.ids) & Domain("company_id", "=", company.id)
        groups = self.env["dropship.exchange"].sudo()._read_group(
            domain & Domain("state", "in", ("ready", "unknown")),
            ["connection_id"],
            ["__count", "create_date:min"],
        )
        waiting = {connection: (count, oldest) for connection, count, oldest in groups}
        states = {"down": "bad", "shaky": "warn"}
        for connection in connections_sudo:
            count, oldest = waiting.get(connection, (0, None))
            text = ""
            if connection.health == "down" and connection.paused_until:
                until = format_datetime(self.env, connection.paused_until)
                text = self.env._("Does not answer; tried again at %s.", until)
            elif connection.health in states:
                text = self.env._("%s calls in a row failed.", connection.failures)
            yield {
                "part": "connection", "id": connection.id, "state": states.get(connection.health, "good"),
                "title": connection.name, "count": count, "since": oldest,
                "last": connection.last_contact or None, "text": text, "model": "dropship.connection",
                "domain": [["id", "=", connection.id]],
            }  # fmt: skip

    @api.model
    def _crons(self):
        """The scheduled actions of the suite, also those that are switched off."""
        data_sudo = self.env["ir.model.data"].sudo()
        ids = data_sudo.search([("model", "=", "ir.cron"), ("module", "=like", "dropship_flow%")]).mapped("res_id")
        return self.env["ir.cron"].sudo().with_context(active_test=False).browse(ids).exists().sorted("cron_name")

    @api.model
    def _cron_rows(self):
        now = fields.Datetime.now()
        for cron in self._crons():
            # One that is due for longer than three of its intervals is run by nobody.
            patience = max(3 * INTERVALS[cron.interval_type] * cron.interval_number, LEAST_PATIENCE)
            overdue = cron.nextcall and cron.nextcall < now - patience
            state, text = "good", ""
            if not cron.active:
                state, text = "bad", self.env._("Switched off: nothing of it happens.")
            elif overdue:
                state, text = "bad", self.env._("Overdue: nobody runs scheduled actions.")
            elif cron.failure_count:
                state, text = "warn", self.env._("Failed %s times in a row.", cron.failure_count)
            yield {
                "part": "cron", "id": cron.id, "state": state, "title": cron.name, "count": cron.failure_count,
                "last": cron.lastcall or None, "next": cron.nextcall or None, "text": text, "model": "ir.cron",
                "domain": [["id", "=", cron.id]], "can_switch_on": not cron.active or bool(cron.failure_count),
            }  # fmt: skip

    @api.model
    def _states(self):
        """What a monitor may know: {part: worst state over all companies}. No names, no figures."""
        worst = {part: "good" for part, _label in PARTS}
        order = [state for state, _label in STATES]
        for company in self.env["res.company"].sudo().search([]):
            for row in self._rows(company):
                worst[row["part"]] = max(worst[row["part"]], row["state"], key=order.index)
        return worst
