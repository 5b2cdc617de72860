from . import reason
from . import case
from . import case_line
from . import event
from . import life
from . import clock
from . import resolution
from . import sale_order
