"""Set-up, running and testing of Dropship Flow. Start it through the scripts in ``tools/``."""
