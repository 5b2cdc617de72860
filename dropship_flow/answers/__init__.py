"""What a supplier's answer means: numbers in, a verdict out. No record, no database."""

from .assign import assign
from .model import Line, Piece, Problem, Row, Said
from .money import share_money
from .price import Limits, judge_price
from .read import read
from .status import status_of

__all__ = [
    "Limits",
    "Line",
    "Piece",
    "Problem",
    "Row",
    "Said",
    "assign",
    "judge_price",
    "read",
    "share_money",
    "status_of",
]
