from . import costs
from . import statement
