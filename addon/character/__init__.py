"""The character: which bones play which parts of the humanoid."""
