"""An amount as a document shows it: what it is without taxes, and each tax."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .shared import rounded, share_money

ZERO = Decimal(0)


@dataclass(frozen=True)
class Parts:
    """
    :param tuple taxes: (group, amount) for each group of taxes; the order does not matter, nothing is left out

    >>> one = Parts(Decimal("84.03"), (("19 %", Decimal("15.97")),))
    >>> one.total, (one - one) == Parts(), (one + one).total
    (Decimal('100.00'), True, Decimal('200.00'))
    """

    net: Decimal = ZERO
    taxes: tuple = ()

    def __post_init__(self):
        kept = sorted(((group, tax) for group, tax in self.taxes if tax), key=lambda pair: str(pair[0]))
        object.__setattr__(self, "taxes", tuple(kept))

    @property
    def total(self):
        return self.net + sum((tax for _group, tax in self.taxes), ZERO)

    def basis(self, included):
        """The figure prices are meant in: with taxes or without."""
        return self.total if included else self.net

    def tax(self, group):
        return dict(self.taxes).get(group, ZERO)

    def __add__(self, other):
        taxes = dict(self.taxes)
        for group, tax in other.taxes:
            taxes[group] = taxes.get(group, ZERO) + tax
        return Parts(self.net + other.net, tuple(taxes.items()))

    def __neg__(self):
        return Parts(-self.net, tuple((group, -tax) for group, tax in self.taxes))

    def __sub__(self, other):
        return self + -other

    def times(self, share, step):
        """Each part times a share, a Fraction from 0 to 1, rounded by itself."""
        taxes = tuple((group, rounded(Fraction(tax) * share, step)) for group, tax in self.taxes)
        return Parts(rounded(Fraction(self.net) * share, step), taxes)

    def cut(self, total, step):
        """So much of it, taxes included; all of it is exactly all of it.

        >>> one = Parts(Decimal("84.03"), (("19 %", Decimal("15.97")),))
        >>> one.cut(Decimal("33.33"), Decimal("0.01"))
        Parts(net=Decimal('28.01'), taxes=(('19 %', Decimal('5.32')),))
        """
        groups = [group for group, _tax in self.taxes]
        net, *taxes = share_money(total, [self.net, *(tax for _group, tax in self.taxes)], step)
        return Parts(net, tuple(zip(groups, taxes, strict=True)))

    def cut_basis(self, amount, included, step):
        """So much of it in the figure prices are meant in.

        >>> one = Parts(Decimal("100.00"), (("19 %", Decimal("19.00")),))
        >>> one.cut_basis(Decimal("33.33"), False, Decimal("0.01"))
        Parts(net=Decimal('33.33'), taxes=(('19 %', Decimal('6.33')),))
        """
        if included or not self.net:
            return self.cut(amount, step)
        if amount == self.net:
            return self
        taxes = tuple((group, rounded(tax * amount / self.net, step)) for group, tax in self.taxes)
        return Parts(amount, taxes)


NOTHING = Parts()
