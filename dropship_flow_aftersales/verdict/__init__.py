"""What may the customer get, and why not more: facts of a request, the shop's policy and the law → offers with reasons.

Plain values in, plain values out: no Odoo, no database, no clock. Moments are naive UTC, days those of the customer;
money and quantities are `Decimal`, shares percent. The policy is the first row that fits; the law, rows as well, then
replaces every point in which it is stronger. Reasons are codes with parameters, the words for them are elsewhere.
"""

from .draft import Offer
from .facts import History, Line, Order, Reason, Request, Terms
from .judge import Judged, Result, Step, explain, judge
from .prepared import Rules
from .quantities import Pieces
from .refunds import RefundTerm, refund_day
from .rows import VERDICTS, Floor, Outcome, Past, Row, strictest
from .supplier import Taken
from .windows import Clock, Deadline, Window
