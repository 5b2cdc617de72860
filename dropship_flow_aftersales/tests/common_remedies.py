"""Cases whose remedies are carried out."""

from contextlib import contextmanager
from unittest.mock import patch

from .common_case import CaseCase


class RemedyCase(CaseCase):
    def agreed(self, case, kind, **more):
        """Something agreed by the agent: its resolution."""
        case._record("accept", "agent", offer=self.offer(case, kind, **more))
        return case.resolution_ids[-1:]

    @contextmanager
    def refunds(self):
        """What is asked of the book of refunds: [(order, wish, key)], instead of being given."""
        asked = []

        def refund(resolution, order, asks, key):
            if key not in [row[2] for row in asked]:
                asked.append((order, asks, key))

        with patch.object(type(self.env["dropship.resolution"]), "_refund", refund):
            yield asked

    def exchange_for(self, case, product, **more):
        """Conditions of an exchange of all lines of a case."""
        rows = [("exchange_for", {"line": line.id, "product": product.id}) for line in case.line_ids]
        return {"conditions": (*rows, *more.pop("conditions", ())), **more}
