"""How fast the course's code is on this machine, block by block: ``python -m bench``."""
