"""The tables of a release in every format that its users open, one module a format."""
