"""Pure: no I/O, no clock, no randomness. Time reaches it only as ``event.at``."""
