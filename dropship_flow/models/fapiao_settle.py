"""What is to issue and to take back, so that the tax bureau knows what was sold less what was credited."""

from dataclasses import replace

from odoo import models

from ..fapiao import issue
from .exact import decimal
from .fapiao import HEAD
from .fapiao_move import LIVING, TOLD
from .state_mixin import lock_written


class AccountMove(models.Model):
    _inherit = "account.move"

    def _dropship_fapiao_settle(self):
        """Bring the open fapiao of these posted invoices, and of all that hang together with them, in line.

        What was credited is taken off what is to issue; where that is not enough, red letters are needed. Called
        twice it changes nothing.

        :return: {id of a credit note: [Row] it takes back beyond what was sold}
        """
        invoices, credits = self._dropship_fapiao_kin()
        if all(move.dropship_fapiao_kind in (False, "none") and not move.dropship_fapiao_ids for move in invoices):
            return {}
        # Of two credits at once the second would not see the red letters of the first.
        lock_written(invoices.dropship_fapiao_ids, ["state"])
        left, taken, over = invoices._dropship_fapiao_left(credits)
        ahead, behind = {}, {}
        for invoice in invoices:
            mine = invoice.dropship_fapiao_ids
            told = (mine._blue(*TOLD) | mine.red_ids).line_ids._rows(invoice)
            rows, reds = issue.balance(left[invoice.id], told, mine._blue("cancelled").line_ids._rows(invoice))
            wanted = invoice.dropship_fapiao_kind not in (False, "none")
            ahead[invoice.id] = invoice._dropship_fapiao_keyed(rows) if wanted else []
            behind[invoice.id] = invoice._dropship_fapiao_keyed(reds)
        for bundle in invoices._dropship_fapiao_bundles():
            rows = [row for invoice in bundle for row in ahead[invoice.id]]
            credits_of = [key for key, parts in taken.items() if parts.keys() & set(bundle.ids)]
            bundle._dropship_fapiao_refill(rows, self.browse(credits_of))
        self._dropship_fapiao_red({invoice: behind[invoice.id] for invoice in invoices if behind[invoice.id]}, taken)
        return over

    def _dropship_fapiao_kin(self):
        """These invoices with all that share an open fapiao or a credit note with them.

        :return: (invoices, credit notes), posted ones, in their order
        """
        invoices, credits, found = self.browse(), self.browse(), self
        while found != invoices:
            invoices = found
            shared = invoices.dropship_fapiao_ids.move_ids
            sold = invoices.invoice_line_ids.sale_line_ids.invoice_lines.move_id
            moves = (shared | sold | invoices.reversal_move_ids).filtered(lambda move: move.state == "posted")
            credits = moves.filtered(lambda move: move.move_type == "out_refund").sorted("id")
            shared = shared.filtered(lambda move: move.move_type == "out_invoice") & moves
            found = (invoices | shared | credits._dropship_fapiao_origins()).sorted("id")
        return invoices, credits

    def _dropship_fapiao_left(self, credits):
        """What is left of invoices after their credit notes.

        :return: ({invoice id: [Row]}, {credit id: {invoice id: [Row] it takes}}, {credit id: [Row] beyond all})
        """
        left = {invoice.id: invoice._dropship_fapiao_rows() for invoice in self}
        unknown = {}
        for invoice in self:
            documents = invoice.dropship_fapiao_ids
            told = (documents._blue(*TOLD) | documents.red_ids).line_ids._rows(invoice)
            unknown[invoice.id] = issue.sums([*left[invoice.id], *(row.negated() for row in told)], issue.goods_of)
        taken, over = {}, {}
        for credit in credits:
            origins = {invoice.id: left[invoice.id] for invoice in credit._dropship_fapiao_origins() & self}
            parts, over[credit.id] = issue.share(credit._dropship_fapiao_rows(), origins, unknown)
            taken[credit.id] = parts
            for key, part in parts.items():
                left[key] = issue.less(left[key], part)
                for goods, amount in issue.sums(part, issue.goods_of).items():
                    unknown[key][goods] = unknown[key].get(goods, issue.ZERO) - amount
        return left, taken, over

    def _dropship_fapiao_keyed(self, rows):
        """Rows of an invoice with the id of their line as `key`: the first of the same goods stands for all."""
        lines = {}
        for line in self.invoice_line_ids.filtered(lambda line: line.display_type == "product" and line.price_total):
            lines.setdefault((line._dropship_fapiao_goods(), line._dropship_fapiao_rate()), line.id)
        return [replace(row, key=lines[row.key, row.rate]) for row in rows]

    def _dropship_fapiao_bundles(self):
        """Invoices that are on the same open fapiao, together."""
        bundles, rest = [], self
        while rest:
            bundle, found = rest.browse(), rest[:1]
            while found != bundle:
                bundle = found
                found |= bundle.dropship_fapiao_ids._blue("wanted").move_ids & self
            bundles.append(bundle.sorted("id"))
            rest -= bundle
        return bundles

    def _dropship_fapiao_refill(self, rows, credits):
        """Put rows on the open fapiao of these invoices: what is there is changed, what is too much goes.

        :param rows: [Row] with the id of an invoice line as `key`
        :param credits: credit notes of these invoices
        """
        documents = self.dropship_fapiao_ids._blue("wanted").sorted("id")
        if documents._same(rows):
            return
        # What comes back with red letters was not taken off.
        reds = credits.filtered(lambda credit: any(credit.dropship_fapiao_ids.mapped("is_red")))
        credits -= reds - documents.move_ids
        company = self.company_id
        limit = decimal(company.dropship_fapiao_limit) if company.dropship_fapiao_limit else None
        like = documents[:1] or self.dropship_fapiao_ids._blue(*LIVING).sorted("id")[-1:]
        head = {name: like[name] for name in (*HEAD, "kind", "note")} if like else {}
        sheets = issue.documents(rows, limit, company.dropship_fapiao_by_rate)
        lines = self.env["account.move.line"]
        for place, sheet in enumerate(sheets):
            invoices = lines.browse(row.key for row in sheet).move_id
            moves = [(6, 0, (invoices | credits).ids)]
            if place < len(documents):
                commands = [(5, 0, 0), *lines._dropship_fapiao_lines(sheet)]
                documents[place].write({"line_ids": commands, "move_ids": moves})
            else:
                invoices[:1]._dropship_fapiao_create(sheet, **head, move_ids=moves)
        documents[len(sheets) :]._drop()

    def _dropship_fapiao_red(self, behind, taken):
        """The red letters invoices need, for the credit notes that were not taken off before, the newest first.

        :param behind: {invoice: [Row] to take back}
        :param taken: {credit id: {invoice id: [Row] it takes}}
        """
        found = {}
        for invoice, rows in behind.items():
            credits = self.browse(key for key, parts in taken.items() if invoice.id in parts)
            credits = credits.sorted(lambda credit: (bool(credit.dropship_fapiao_ids), -credit.id))
            room = {}
            for credit in credits:
                reds = credit.dropship_fapiao_ids.filtered("is_red").line_ids._rows(invoice)
                room[credit] = issue.sums([*taken[credit.id][invoice.id], *reds])
            told = {row: row._room(invoice) for row in invoice._dropship_fapiao_told().sorted("id")}
            for credit, part in issue.back(rows, room)[0].items():
                for origin, piece in issue.back(part, told)[0].items():
                    found.setdefault((credit, origin), []).extend(piece)
                    for rate, amount in issue.sums(piece).items():
                        told[origin][rate] -= amount
        for (credit, origin), rows in found.items():
            credit._dropship_fapiao_create(
                rows,
                **{name: origin[name] for name in (*HEAD, "kind")},
                state="red_needed",
                is_red=True,
                origin_id=origin.id,
                move_ids=[(6, 0, credit.ids)],
            )
