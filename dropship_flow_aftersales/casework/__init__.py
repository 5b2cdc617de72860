"""The life of a return case: what was said, what happened to goods → where it stands, what can be done, what is due.

Plain values in, plain values out: no Odoo, no database, no clock, no texts. Moments are naive UTC; money and quantities
are `Decimal`. A case is the fold of its events, so they may come late, in any order and twice. Working calendars come
in as a function. Every promise (an offer's end, what silence means, until when a bad score counts) is written into its
event when it is made, so that other rules later do not change it.
"""

from .clocks import Due, Rules, closing, dues, proposal, wake
from .facts import ACCEPTANCES, MAY, RECEPTIONS, SILENCES, Bound, Case, Event, Flag, LineState, Offer, Parcel, Request
from .fold import FOR_A_PERSON, fold
from .ripe import finished, ripe
from .stages import STAGES, stage
from .verbs import verbs
