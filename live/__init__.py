"""A camera's newest frame to a pose, again and again, and what is done with the poses."""
