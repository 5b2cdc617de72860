"""Says the reasons of `verdict` in words: for customers, who read nothing of suppliers, and for us."""

from odoo import api, models
from odoo.addons.dropship_flow.routing.reasons import Figures
from odoo.tools import format_date


def _lt(text):
    """Mark a sentence for translation; it is looked up when it is shown."""
    return text


# What a customer reads. Empty: it changes something only we care for.
CUSTOMER = {
    "nothing_asked": _lt("Say how many pieces it is about."),
    "quantity_capped": _lt("It can be about %(allowed)s pieces only; the others came back already or are in a case."),
    "nothing_left": _lt("These pieces came back already, or there is a case about them."),
    "no_row": _lt("We have to look at this ourselves."),
    "row_gives_nothing": _lt("Nothing of this is foreseen for these goods."),
    "nothing_to_send": _lt("What did not arrive cannot be sent back: these are not possible: %(outcomes)s."),
    "wanted_not_offered": _lt('"%(wanted)s" is not possible here. Choose one of the others.'),
    "floor_excluded": _lt('By law the right to return does not hold for goods like this: "%(kind)s".'),
    "floor_over": _lt("The time the law gives ended on %(day)s."),
    "policy_refuses": _lt("This is not possible for these goods and this reason."),
    "policy_looks": _lt("We look at it ourselves before we decide."),
    "not_in_policy": _lt("This is not foreseen for these goods and this reason."),
    "window_over": _lt("It was possible until %(day)s."),
    "window_not_begun": _lt("The time begins once everything has arrived."),
    "evidence_missing": _lt("Add what is missing: %(evidence)s."),
    "amount_over": _lt("We look at amounts like this ourselves before we decide."),
    "supplier_bound": _lt("We have to clarify first whether these goods can come back."),
    "supplier_does_not_take": "",
    "supplier_fee": _lt("%(fee)s %% of the price is kept for restocking."),
    "floor_verdict": _lt("The law gives you this right: %(floor)s."),
    "floor_looks": _lt("We look at it ourselves, then you get what the law gives you."),
    "floor_window": _lt("By law it is possible until %(day)s."),
    "floor_fee": _lt("By law no more than %(fee)s %% may be kept."),
    "floor_evidence": _lt("By law you need not show anything for this."),
    "floor_freight": _lt("By law we pay the way back."),
    "floor_freight_untold": _lt("We pay the way back, as nothing else was said before you ordered."),
    "floor_outbound": _lt("By law the shipping you paid is given back as well: %(outbound)s."),
    "floor_refund": _lt("By law the money is back within %(days)s days."),
}
# What we read where it is more, or another thing.
STAFF = {
    "no_row": _lt("No row of the policy fits. Add one that fits everything as the last."),
    "row_gives_nothing": _lt('The row "%(row)s" gives nothing for pieces the customer has.'),
    "policy_refuses": _lt("The policy refuses it."),
    "policy_looks": _lt("The policy wants a person to look."),
    "not_in_policy": _lt("The policy does not mention it."),
    "amount_over": _lt("%(amount)s is more than the %(maximum)s the policy accepts by itself."),
    "supplier_bound": _lt("The supplier does not take it back (%(why)s), and the policy is bound by that."),
    "supplier_does_not_take": _lt("The supplier does not take it back (%(why)s): the goods go elsewhere: %(to)s."),
    "supplier_fee": _lt("The supplier keeps %(fee)s %%, more than the %(policy)s %% of the policy: it is passed on."),
    "floor_excluded": _lt('"%(floor)s" does not hold for the kind of goods "%(kind)s".'),
    "floor_over": _lt('The time of "%(floor)s" ended on %(day)s.'),
    "floor_verdict": _lt('"%(floor)s" lifts it from "%(policy)s" to "%(verdict)s".'),
    "floor_looks": _lt('"%(floor)s" gives it once a person has looked.'),
    "floor_window": _lt('"%(floor)s" keeps it open until %(day)s.'),
    "floor_fee": _lt('"%(floor)s" lowers the fee from %(policy)s to %(fee)s %%.'),
    "floor_evidence": _lt('"%(floor)s" does not let us ask for: %(evidence)s.'),
    "floor_freight": _lt('"%(floor)s" lets us pay the way back.'),
    "floor_freight_untold": _lt('"%(floor)s" lets us pay the way back: the customer was not told before.'),
    "floor_outbound": _lt('"%(floor)s" gives shipping back: %(outbound)s.'),
    "floor_refund": _lt('"%(floor)s" wants the money back within %(days)s days.'),
    # Steps of the way to a verdict.
    "pieces": _lt(
        "Asked for %(asked)s: %(back)s with the customer, %(cancel)s not shipped, %(intercept)s on the way, "
        "%(excess)s not there."
    ),
    "row_skipped": _lt('"%(row)s" does not fit: %(condition)s.'),
    "row": _lt('"%(row)s" is the first row that fits.'),
    "supplier": _lt("Whether the supplier takes it back: %(takes)s %(why)s"),
    "floor_skipped": _lt('"%(floor)s" is about something else.'),
    "floor": _lt('"%(floor)s" holds.'),
    "policy": _lt("%(outcome)s: the policy says %(verdict)s."),
    "offer": _lt("%(outcome)s: in the end %(verdict)s."),
    "line": _lt("The line: %(verdict)s."),
}
CONDITIONS = {
    "categories": _lt("another category"),
    "tags": _lt("another tag"),
    "kinds": _lt("another kind of goods"),
    "reasons": _lt("another reason"),
    "liable": _lt("somebody else caused it"),
    "countries": _lt("another destination"),
    "channels": _lt("another sales channel"),
    "price": _lt("another price"),
    "past": _lt("another history of the customer"),
}
WHY = {
    "": "",
    "no_terms": _lt("no terms are agreed"),
    "reason": _lt("not for this reason"),
    "kind": _lt("not this kind of goods"),
    "window_over": _lt("his time is over"),
}
EVIDENCE = {
    "photo": _lt("a photo"),
    "video": _lt("a video"),
    "label": _lt("a photo of the label"),
}
FREIGHT = {"none": _lt("nothing"), "standard": _lt("standard shipping"), "all": _lt("all of it")}
GOES = {
    "us": _lt("to us"),
    "keep": _lt("the customer keeps them"),
    "destroy": _lt("the customer destroys them"),
    "donate": _lt("the customer donates them"),
}
OPENED = _lt("opened")


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    @api.model
    def _verdict_words(self, reasons, staff=False):
        """Sentences about reasons of `verdict`, in the language of the environment, each once.

        :param reasons: [[code, {figure: value}]], figures as text or numbers
        :param bool staff: for us; without, nothing about suppliers and our rows
        """
        found = []
        for code, figures in reasons:
            if code == "impossible":  # a sentence already
                found += [figures["said"]] if figures["said"] not in found else []
                continue
            sentence = STAFF.get(code) if staff else None
            sentence = CUSTOMER.get(code, "") if sentence is None else sentence
            if not sentence:
                continue
            if "%(day)s" in sentence and not figures.get("day"):
                continue  # a window without end
            words = self.env._(sentence)
            said = words % Figures(self._verdict_figures(figures))
            if said not in found:
                found.append(said)
        return found

    @api.model
    def _verdict_figures(self, figures):
        """Figures of a reason as people read them."""
        said = dict(figures)
        for name, words in (
            ("condition", CONDITIONS), ("why", WHY), ("outbound", FREIGHT), ("to", GOES),
        ):  # fmt: skip
            if said.get(name) in words:
                said[name] = self.env._(words[said[name]]) if words[said[name]] else ""
        if "evidence" in said:
            codes = said["evidence"]
            said["evidence"] = ", ".join(self.env._(EVIDENCE[code]) if code in EVIDENCE else code for code in codes)
        for name in ("day", "since"):
            if said.get(name):
                said[name] = format_date(self.env, said[name])
        return {**said, **self._verdict_names(said)}

    @api.model
    def _verdict_names(self, figures):
        """Names for codes and ids among the figures."""
        outcomes = dict(self.env["dropship.return.line"]._fields["wanted"]._description_selection(self.env))
        verdicts = dict(self._fields["verdict"]._description_selection(self.env))
        said = {}
        if "kind" in figures:
            said["kind"] = self._kind_name(figures["kind"])
        for name in {"wanted", "outcome"} & figures.keys():
            said[name] = outcomes.get(figures[name], figures[name])
        if "outcomes" in figures:
            said["outcomes"] = ", ".join(outcomes.get(kind, kind) for kind in figures["outcomes"])
        for name in {"verdict", "policy"} & figures.keys():
            said[name] = verdicts.get(figures[name], figures[name])
        for name, model in (("row", "dropship.return.policy"), ("floor", "dropship.return.law")):
            if figures.get(name):
                said[name] = self.env[model].sudo().browse(figures[name]).exists().name or figures[name]
        if "takes" in figures:
            said["takes"] = self.env._("yes") if figures["takes"] else self.env._("no")
        return said

    @api.model
    def _kind_name(self, code):
        """The name of a kind of goods; of "hygiene+opened" the kind and that it was opened."""
        kinds_sudo = self.env["dropship.goods.kind"].sudo().with_context(active_test=False)
        kind, *more = code.split("+")
        found = kinds_sudo.search([("code", "=", kind)], limit=1).name or kind
        return f"{found}, {self.env._(OPENED)}" if more else found
