"""Lives an invented life of an order on the real models, by the verbs people press."""

from decimal import Decimal

from odoo.addons.dropship_flow.tests.common_lives import Different
from odoo.exceptions import UserError

from ..casework import Offer
from .common_case_world import CaseWorld
from .returning.claims import OURS


class CaseLife(CaseWorld):
    """The verbs."""

    # -- without a case --------------------------------------------------------------------------------------------

    def do_refund(self, step, kind, freight, line=None, qty=0, percent=0, amount=None, given=None, refused=False):
        wizard = self.env["dropship.refund.wizard"].create(
            {
                "order_id": self.order.id,
                "kind": kind,
                "freight": freight,
                "amount": float(self.money(amount)) if amount and line is None else 0.0,
            }
        )
        if line is not None:
            row = wizard.line_ids.filtered(lambda row: row.order_line_id == self.lines[line])
            row.write({"qty": qty, "percent": percent, "amount": float(self.money(amount)) if amount else 0.0})
        try:
            with self.env.cr.savepoint():
                wizard.action_refund()
        except UserError as error:
            if not refused:
                raise Different(f"refused: {error}") from error
            return
        self.equal(refused, False, "refused")
        self.check_given(wizard.refund_id, given)

    # -- cases -----------------------------------------------------------------------------------------------------

    def do_open(self, step, asked, there, reason):
        known = self.order.dropship_refund_book_ids
        case = self.open_case(*[(self.lines[line], qty, reason) for line, qty in asked.items()])
        self.cases[step.number] = case
        if there:
            return
        accepted = case.event_ids.filtered(lambda event: event.code == "accept")
        self.equal(len(accepted), 1, "cancelled at once")
        freight = dict(case._fold().bound[0].offer.conditions).get("outbound", {}).get("freight", "none")
        freight = {"standard": "part"}.get(freight, freight)
        self.settle(case, known, self.player.at_once(step.number, freight))

    def case_line(self, case, line):
        return case.line_ids.filtered(lambda one: one.order_line_id == self.lines[line])

    def offer_of(self, case, terms):
        conditions = []
        for name, figures in (
            ("fee", {"percent": terms["fee"]}), ("keep", {"percent": terms["percent"]}),
            ("bonus", {"percent": terms["bonus"]}), ("outbound", {"freight": terms["freight"]}),
        ):  # fmt: skip
            value = next(iter(figures.values()))
            if value and value != "none":
                conditions.append((name, {key: str(one) for key, one in figures.items()}))
        return Offer(
            terms["kind"],
            tuple((self.case_line(case, line).id, Decimal(qty)) for line, qty in terms["lines"].items()),
            amount=None if terms["amount"] is None else self.money(terms["amount"]),
            to=terms["to"],
            after=terms["after"],
            conditions=tuple(conditions),
        )

    def do_offer(self, step, offer, by):
        case = self.cases[step.about]
        self.events[step.number] = case._record("offer", by, offer=self.offer_of(case, offer))

    def do_take(self, step, about, by, given):
        with self.follows(step, given) as case:
            case._record("take", by, about=self.events[about])

    def do_accept(self, step, offer, given):
        with self.follows(step, given) as case:
            case._record("accept", "agent", offer=self.offer_of(case, offer))

    def do_decline(self, step, about, by):
        self.cases[step.about]._record("decline", by, about=self.events[about])

    def do_silence(self, step, by):
        self.pass_hours(self.cases[step.about], 80 if by == "agent" else 24 * 7)

    def do_refuse(self, step):
        self.cases[step.about]._record("refuse", "agent", text="We are sorry")

    def do_cancel(self, step):
        self.cases[step.about]._record("cancel", "customer")

    def do_close(self, step):
        self.cases[step.about]._record("close", "agent")

    def do_score(self, step, score):
        self.cases[step.about]._record("score", "customer", score=score)

    # -- goods -----------------------------------------------------------------------------------------------------

    def do_send(self, step, lines, given):
        with self.follows(step, given) as case:
            quantities = {self.case_line(case, line): qty for line, qty in lines.items()}
            self.boxes[step.number] = case._send_back(self.number(), lines=quantities)

    def do_receive(self, step, counts, by, given):
        with self.follows(step, given) as case:
            rows = {self.case_line(case, line): qty for line, qty in counts.items()}
            case._receive(self.boxes[step.more["parcel"]], rows, "supplier" if by == "supplier" else "agent")

    def do_inspect(self, step, found, by, given):
        with self.follows(step, given) as case:
            rows = [
                {"line": self.case_line(case, line), "condition": condition, "qty": conditions.count(condition)}
                for line, conditions in found.items()
                for condition in sorted(set(conditions))
            ]
            case._inspect(self.boxes[step.more["parcel"]], rows, "supplier" if by == "supplier" else "agent")

    def do_not_coming(self, step, given):
        with self.follows(step, given) as case:
            case._record("not_coming", "agent")

    # -- claims ----------------------------------------------------------------------------------------------------

    def do_file(self, step):
        self.cases[step.about].case_claim_ids.action_file()

    def do_answer(self, step, answer, amount):
        claim = self.cases[step.about].case_claim_ids
        claim._hear(answer, self.money(amount, "EUR") if answer == "partly" else None)

    # -- reading ---------------------------------------------------------------------------------------------------

    def read_claim(self, case, plain):
        claim = case.case_claim_ids.filtered(lambda claim: claim.party == "supplier" and claim.state != "cancelled")
        if case.line_ids[:1].reason_id.code[2:] not in OURS:
            return self.equal(claim.mapped("amount"), [], "claims")
        mine = (round(claim.amount * 100), claim.state or "draft", round(claim.amount_granted * 100))
        theirs = (plain.amount, plain.state, plain.granted) if plain else (0, "draft", 0)
        return self.equal(mine, theirs, f"claim of {case.name}")
