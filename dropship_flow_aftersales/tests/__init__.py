from . import test_access
from . import test_board_clock
from . import test_board_links
from . import test_board_work
from . import test_case
from . import test_supplier_answers
