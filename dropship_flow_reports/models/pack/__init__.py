from . import owed, pack, recipient

# isort: split
from . import booked, sections_money, sections_profit

# isort: split
from . import freeze, paper, send
