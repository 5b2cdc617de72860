from . import costs
