"""The parts of the live clock: what is known of a frame from it and those before it."""
