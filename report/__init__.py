"""The page about a clip that shows how far its motion can be trusted, and where not."""
