"""Rows of files and calls, told by names, brought to campaigns and sources."""

from collections import defaultdict
from typing import NamedTuple

from odoo import api, models

from ...ad_files import understand
from ...allocating import Row
from .text import plain


class Outcome(NamedTuple):
    """
    :param list rows: [Row], one for each row told
    :param dict problems: {number: [[code, figures]]}, as they can be kept
    :param dict changed: {number: (amount before or None, whether the day is new)}
    """

    rows: list
    problems: dict
    changed: dict


class DropshipAdSpend(models.Model):
    _inherit = "dropship.ad.spend"

    @api.model
    def _enter(self, company, told, origin, mark=".", order="", source=None, currency=None, file=None, dry=False):
        """Take rows as files and calls tell them; with `dry` only say what would come of it.

        :param list told: [Told]
        :param mark: the sign before fractions; `order`: of a day in figures
        :param source: for rows that name none; `currency` likewise, else the company's
        :rtype: Outcome
        """
        rows, own = self._understand(company, told, mark, order, source, currency or company.currency_id)
        taken = self._look(company, rows) if dry else self._take(company, rows, origin, file)
        problems = defaultdict(list)
        for number, code, figures in taken.problems:
            if number not in own:
                problems[number].append([code, plain(figures)])
        problems.update((number, [[code, plain(figures)] for code, figures in some]) for number, some in own.items())
        changes = {(change.day, change.campaign, change.source): change for change in taken.changes}
        changed = {}
        for row in rows:
            change = changes.get((row.day, row.campaign, row.source))
            if change and row.number not in problems:
                before = next((spend.amount for spend in change.before if spend.currency == row.currency), None)
                changed[row.number] = (before, not change.before)
        return Outcome(rows, dict(problems), changed)

    @api.model
    def _understand(self, company, told, mark, order, source, currency):
        """([Row], {number: [(code, figures)]}); a row with a problem of its own goes without an amount, so that the
        rest of its day is not taken either."""
        meanings = {one.number: understand(one, mark, order) for one in told}
        campaigns = self._campaigns_called(company, {one.campaign for one in told})
        sources = self._sources_called({one.source for one in told if one.source})
        rows, own = [], {}
        for one in told:
            meaning = meanings[one.number]
            problems = list(meaning.problems)
            found = campaigns.get(one.campaign.casefold(), ())
            if one.campaign and not problems and len(found) != 1:
                code = "doubtful_campaign" if found else "unknown_campaign"
                problems.append((code, {"campaign": one.campaign[:80]}))
            at = sources.get(one.source.casefold()) if one.source else source and source.id
            if not at and not problems:
                missing = ("unknown_source", {"source": one.source[:80]}) if one.source else ("source_missing", {})
                problems.append(missing)
            campaign = found[0] if len(found) == 1 else one.campaign
            amount = None if problems else meaning.amount
            rows.append(
                Row(one.number, meaning.day, campaign, at or one.source, meaning.currency or currency.name, amount)
            )
            if problems:
                own[one.number] = problems
        return rows, own

    @api.model
    def _campaigns_called(self, company, names):
        """{name in small letters: [ids]}: by identifier, else by name."""
        campaigns = self.env["utm.campaign"].with_context(active_test=False)
        found = campaigns.search([("company_id", "in", [False, company.id])])
        wanted = {name.casefold() for name in names}
        by_name, by_title = {}, defaultdict(list)
        for campaign in found:
            if campaign.name.casefold() in wanted:
                by_name[campaign.name.casefold()] = [campaign.id]
            for title in {campaign.title, campaign.with_context(lang="en_US").title}:
                if title and title.casefold() in wanted:
                    by_title[title.casefold()].append(campaign.id)
        return {**by_title, **by_name}

    @api.model
    def _sources_called(self, names):
        wanted = {name.casefold() for name in names}
        return {one.name.casefold(): one.id for one in self.env["utm.source"].search([])
                if one.name.casefold() in wanted}  # fmt: skip
