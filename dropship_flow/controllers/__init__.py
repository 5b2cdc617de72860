from . import portal

# isort: split
from . import supplier_answer
