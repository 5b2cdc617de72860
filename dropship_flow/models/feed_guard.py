"""What makes a whole file wait for a person, before anything of it is written."""

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

# Below so many rows it means nothing that all of them say the same, or that a third of the prices moved.
FEW = 20
# More than this share of unknown codes, while as much of what is known is missing: another supplier's list.
FOREIGN = 0.8


class DropshipFeed(models.Model):
    _inherit = "dropship.feed"

    rows_least_percent = fields.Float(
        string="Fewest Rows (%)", default=80.0, help="Of the rows of the last file that was taken."
    )
    rows_most_percent = fields.Float(
        string="Most Rows (%)", default=150.0, help="Of the rows of the last file that was taken."
    )
    zero_percent = fields.Float(
        string="Sold Out at Once (%)", default=20.0, help="Of the goods that had stock. Counts with the number below."
    )
    zero_count = fields.Integer(string="Sold Out at Once", default=50, help="So many goods at least.")
    missing_percent = fields.Float(string="Missing Goods (%)", default=10.0, help="Of the goods of this feed.")
    cost_rows_percent = fields.Float(string="Changed Prices (%)", default=30.0, help="Of the rows of the file.")
    guard_equal = fields.Boolean(
        string="All the Same Stops", default=True, help="A file in which all stocks, or all prices, are the same."
    )


class DropshipFeedRun(models.Model):
    _inherit = "dropship.feed.run"

    def _find_guards(self):
        """Why a person should look before anything is written.

        :return: [[code, figures], …]
        """
        self.ensure_one()
        feed = self.feed_id
        kinds = self._kinds()
        known = self._known_figures()
        missing = self._missing_count()
        found = []
        if self.full and feed.last_rows:
            percent = 100.0 * self.rows_in / feed.last_rows
            figures = {"rows": self.rows_in, "before": feed.last_rows, "percent": round(percent)}
            if percent < feed.rows_least_percent:
                found.append(["rows_few", {**figures, "limit": feed.rows_least_percent}])
            elif percent > feed.rows_most_percent:
                found.append(["rows_many", {**figures, "limit": feed.rows_most_percent}])
        new = kinds.get("new", 0) + (kinds.get("conflict", 0) and self._new_conflicts())
        if self.full and known["offers"] and new > FOREIGN * self.good_rows and missing > FOREIGN * known["offers"]:
            found.append(["other_supplier", {"unknown": new, "rows": self.good_rows, "missing": missing}])
        if missing > feed.missing_percent / 100.0 * known["offers"]:
            percent = round(100.0 * missing / known["offers"], 1)
            figures = {"missing": missing, "known": known["offers"], "percent": percent, "limit": feed.missing_percent}
            found.append(["missing", figures])
        found += self._zero_guard(known["stocked"], missing)
        found += self._cost_guard()
        found += self._equal_guard() if feed.guard_equal and self.full else []
        return found

    def _known_figures(self):
        """Offers of the feed, and how many of them have stock."""
        query = SQL(
            """
            SELECT count(*), count(*) FILTER (WHERE stock > 0 OR stock_mode = 'unlimited')
              FROM dropship_offer WHERE feed_id = %s
            """,
            self.feed_id.id,
        )
        offers, stocked = self.env.execute_query(query)[0]
        return {"offers": offers, "stocked": stocked}

    def _new_conflicts(self):
        query = SQL("SELECT count(*) FROM %s WHERE kind = 'conflict' AND offer_id IS NULL", self._diff)
        return self.env.execute_query(query)[0][0]

    def _zero_guard(self, stocked, missing):
        if "stock" not in self._targets() or not stocked:
            return []
        zeroed = self._zeroed_count()
        if self.full and missing:
            query = self._missing_query(SQL("count(*)"))
            zeroed += self.env.execute_query(SQL("%s AND offer.missing_runs >= 1 AND offer.stock > 0", query))[0][0]
        feed = self.feed_id
        percent = 100.0 * zeroed / stocked
        if percent <= feed.zero_percent or zeroed <= feed.zero_count:
            return []
        figures = {"zeroed": zeroed, "stocked": stocked, "percent": round(percent, 1), "limit": feed.zero_percent}
        return [["zeroed", figures]]

    def _zeroed_count(self):
        """Goods with stock of which the file says there is none."""
        if not {"stock", "stock_mode"} & set(self._targets()):
            return 0
        query = SQL(
            """
            SELECT count(*) FROM %(diff)s diff
              JOIN %(stage)s stage ON stage.n = diff.n
              JOIN dropship_offer offer ON offer.id = diff.offer_id
             WHERE diff.kind IN ('changed', 'quarantine') AND (offer.stock > 0 OR offer.stock_mode = 'unlimited')
               AND COALESCE(NULLIF(stage.stock_mode, ''), 'limited') != 'unlimited' AND stage.stock = 0
            """,
            diff=self._diff,
            stage=self._stage,
        )
        return self.env.execute_query(query)[0][0]

    def _cost_guard(self):
        if "price" not in self._targets():
            return []
        query = SQL(
            """
            SELECT count(*) FROM %(diff)s diff
              JOIN %(stage)s stage ON stage.n = diff.n
              JOIN dropship_offer offer ON offer.id = diff.offer_id
             WHERE diff.kind IN ('changed', 'quarantine') AND offer.price > 0 AND stage.price != offer.price::numeric
            """,
            diff=self._diff,
            stage=self._stage,
        )
        moved = self.env.execute_query(query)[0][0]
        percent = 100.0 * moved / max(self.good_rows, 1)
        limit = self.feed_id.cost_rows_percent
        if percent <= limit or self.good_rows < FEW or not self.full:
            return []
        return [["costs_moved", {"moved": moved, "rows": self.good_rows, "percent": round(percent, 1), "limit": limit}]]

    def _equal_guard(self):
        """All stocks, or all prices, the same: a column was mixed up. Unless it has been so before."""
        found = []
        if self.good_rows < FEW:
            return found
        for name, code in (("stock", "stocks_equal"), ("price", "prices_equal")):
            if name not in self._targets():
                continue
            column = SQL.identifier(name)
            low, high, told = self.env.execute_query(
                SQL("SELECT min(%s), max(%s), count(%s) FROM %s WHERE bad IS NULL", column, column, column, self._stage)
            )[0]
            if told < self.good_rows or low != high or not self._differed(column, low):
                continue
            found.append([code, {"value": float(low), "rows": self.good_rows}])
        return found

    def _differed(self, column, value):
        """Whether the offers of the feed were anything else than this before, or are all new."""
        query = SQL(
            "SELECT count(*) = 0 OR count(*) FILTER (WHERE %s IS DISTINCT FROM %s) > 0 FROM dropship_offer"
            " WHERE feed_id = %s AND COALESCE(missing_runs, 0) = 0",
            column,
            value,
            self.feed_id.id,
        )
        return self.env.execute_query(query)[0][0]

    # --- what a person does about it ---

    def _ask_person(self):
        """One activity of the feed, however many files wait."""
        self.ensure_one()
        feed, user = self.feed_id._for_buyer(self.create_uid)
        run = self.with_env(feed.env)
        kinds = "mail.mail_activity_data_warning"
        feed.activity_unlink([kinds])
        feed.activity_schedule(
            kinds,
            user_id=user.id,
            summary=feed.env._("%(file)s is not applied", file=run.file_name or run.display_name),
            note="\n".join(run._reasons(run.guards or run.problem)),
        )

    def _replace_older(self, states):
        """Older files of the feed that wait are left out: this one says what is true now.

        :param states: of what waits; a file of changes only where a person decides about it and this one has everything
        """
        self.ensure_one()
        older = self.search([("feed_id", "=", self.feed_id.id), ("id", "<", self.id), ("state", "in", states)])
        older = older.filtered(
            lambda run: run.as_of <= self.as_of and (run.full or (self.full and run.state in ("compared", "review")))
        )
        for run in older:
            run._set_state("cancel", ended_at=fields.Datetime.now())
            run.message_post(body=self._for_buyer().env._("%s came later and replaces it.", self.display_name))
            run._drop_tables()
        older._answered()

    def _for_buyer(self):
        """The run in the language of who looks after its feed."""
        return self.with_env(self.feed_id._for_buyer(self.create_uid)[0].env)

    def _answered(self):
        """Nothing of these feeds waits for a person any more."""
        for feed in self.feed_id:
            if not self.search_count([("feed_id", "=", feed.id), ("state", "=", "review")], limit=1):
                feed.activity_unlink(["mail.mail_activity_data_warning"])

    def action_apply(self):
        """Apply files a person has seen the changes of."""
        for run in self:
            run.check_access("write")
            if run.state == "review":
                raise UserError(
                    self.env._(
                        "%(file)s was stopped: %(why)s A manager can apply it all the same; otherwise drop it.",
                        file=run.file_name or run.display_name,
                        why=" ".join(run._reasons(run.guards)),
                    )
                )
            if run.state == "compared":
                run._start_applying()
        return True

    def action_force(self):
        """Apply a file in spite of its guards, or of a gap before it. Who did it is written down."""
        if not self.env.user.has_group("dropship_flow.group_dropship_manager"):
            raise AccessError(self.env._("Only a dropship manager can apply a file that was stopped."))
        for run in self:
            run.check_access("write")
            if run.state == "new" and run.problem:
                run.write({"forced_by_id": self.env.uid, "problem": False})
                run.message_post(body=self.env._("Taken in spite of the gap before it, by %s.", self.env.user.name))
                self.env.ref("dropship_flow.cron_feed").sudo()._trigger()
            elif run.state == "review":
                why = " ".join(run._reasons(run.guards))
                run.message_post(body=self.env._("Forced by %(user)s: %(why)s", user=self.env.user.name, why=why))
                run.forced_by_id = self.env.user
                run._start_applying()
        return True

    def action_drop(self):
        """Leave a file out. What is known stays as it is."""
        for run in self:
            run.check_access("write")
            if run.state == "cancel":
                continue
            run._set_state("cancel", ended_at=fields.Datetime.now())
            run.message_post(body=self.env._("Dropped by %s.", self.env.user.name))
            run._drop_tables()
            run._answered()
        return True

    def action_retry(self):
        """Read refused files again, for instance after the columns were corrected."""
        for run in self.filtered(lambda run: run.state == "refused"):
            run.check_access("write")
            run.reject_ids.sudo().unlink()  # the buyer reads the file anew; its rows come again
            run._set_state(
                "new", problem=False, guards=False, staged=False, attempts=0, ended_at=False, rows_seen=0,
                plan_key=run.feed_id._plan_key(),
            )  # fmt: skip
            self.env.ref("dropship_flow.cron_feed").sudo()._trigger()
        return True
