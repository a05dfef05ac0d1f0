"""Cameras that are running: their newest frame, stamped when it was captured."""
