"""Where pictures come from: one source for moving pictures, one for stills and series of them."""
