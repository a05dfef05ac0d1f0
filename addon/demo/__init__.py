"""The demo: a character of our own, animated and filmed."""
