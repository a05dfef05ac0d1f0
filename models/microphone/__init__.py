"""Sound that is recorded beside a take."""
