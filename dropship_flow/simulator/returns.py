"""What a simulated supplier does with returns and claims. How it treats one depends only on the seed and its number.

honest agrees, counts what came and pays · slow says so later · stubborn and out_of_stock refuse · liar says that less
came and grants a part · silent never answers.
"""

import time
from decimal import Decimal

SAYS = {"stubborn": "refused", "out_of_stock": "refused", "silent": "received"}
ADDRESS = {"name": "Returns", "street": "Yard 4", "city": "Yiwu", "zip": "322000", "country": "CN"}
# So often it has to be asked before the slow one decides.
PATIENCE = 2


class Returns:
    """The part of a supplier that takes goods back; `self.ledger` keeps what it did."""

    def returned(self, ref, key, payload, what):
        """A return, its parcel, or that it does not come. (status, body)

        :param str what: return, return_parcel, return_cancel
        """
        with self.ledger.lock:
            if key not in self.ledger.changes:
                fact = {"fact": "change", "ref": ref, "key": key, "payload": payload, "what": what}
                self.ledger.note({**fact, "at": time.time()})
            return 200, self._return_view(ref)

    def claimed(self, ref, key, payload, what):
        """A claim, or an objection to an answer. (status, body)"""
        with self.ledger.lock:
            if key not in self.ledger.changes:
                fact = {"fact": "change", "ref": ref, "key": key, "payload": payload, "what": what}
                self.ledger.note({**fact, "at": time.time()})
            return 200, self._claim_view(ref)

    def known_returns(self, refs):
        return self._known(refs, self._return_view)

    def known_claims(self, refs):
        return self._known(refs, self._claim_view)

    def _known(self, refs, view):
        with self.ledger.lock:
            found = [ref for ref in refs if ref in self.ledger.returns]
            for ref in found:
                self.ledger.returns[ref]["asked"] += 1
            return [view(ref) for ref in found]

    def _return_view(self, ref):
        """What it says of a return now. The ledger's lock is held."""
        known, mood = self.ledger.returns.get(ref, {}), self.mood(ref)
        row = {"schema": 1, "ref": ref, "id": f"RET-{ref[-6:]}", "answer": "received", "serial": 1}
        asked = known.get("return") or {}
        if "return_cancel" in known or not asked or self._waits(mood, known):
            return row
        if "return_parcel" in known and mood != "silent":
            return row | self._counted(mood, asked, known["return_parcel"])
        if not asked.get("approval"):
            return row
        answer = SAYS.get(mood, "approved")
        row |= {"answer": answer, "serial": 1 if answer == "received" else 2}
        if answer == "refused":
            row["reason"] = "We do not take it back"
        elif answer == "approved":
            row["address"] = ADDRESS
        return row

    @staticmethod
    def _counted(mood, asked, parcel):
        lines = []
        for line in asked.get("lines") or []:
            qty = line.get("qty") or 0
            came = max(qty - 1, 0) if mood == "liar" else qty
            lines.append({"line": line.get("line"), "sku": line.get("sku"), "qty": came, "condition": "used"})
        answer = "inspected" if all(line["qty"] for line in lines) else "counted"
        return {"answer": answer, "serial": 3, "parcel": parcel.get("number"), "lines": lines}

    def _claim_view(self, ref):
        """What it says of a claim now. The ledger's lock is held."""
        known, mood = self.ledger.returns.get(ref, {}), self.mood(ref)
        row = {"schema": 1, "ref": ref, "id": f"CR-{ref[-6:]}", "answer": "received", "serial": 1}
        asked = known.get("claim")
        if not asked or mood == "silent" or self._waits(mood, known):
            return row
        money = {"currency": asked.get("currency")}
        row["serial"] = 3 if "claim_objection" in known else 2
        if mood in SAYS:
            return row | {"answer": "refused", "reason": "Not our fault", "reason_code": "not_ours"}
        if mood == "liar":
            half = (Decimal(str(asked.get("amount") or 0)) / 2).quantize(Decimal("0.01"))
            return row | money | {"answer": "partly", "amount": f"{half:f}", "reason": "It was packed well"}
        return row | money | {"answer": "accepted", "amount": asked.get("amount")}

    @staticmethod
    def _waits(mood, known):
        return mood == "slow" and known["asked"] < PATIENCE
