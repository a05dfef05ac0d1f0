"""The keys: a solved motion onto a character, as Actions."""
