"""Is the bill right? Ordered × shipped × billed × price → a state, a difference and its reasons.

Plain values in, plain values out: no Odoo, no database, no clock. Money is a `Decimal` in the currency of the purchase,
taxes excluded; quantities are `Decimal` in the unit of the purchase line. A positive difference is to our cost.
"""

from .charge import Charge, judge_charge
from .decide import decided
from .goods import Goods, judge_goods
from .numbers import same_number
from .tolerance import Tolerance, pick, within
from .verdict import RANK, Verdict, worst
