"""Takes: what was tracked, kept beside the .blend file."""
