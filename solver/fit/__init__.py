"""The fit of a jointed body to what was seen: Gauss-Newton over rotations, the root and the bone lengths."""
