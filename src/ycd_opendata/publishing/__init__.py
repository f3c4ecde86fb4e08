"""Publishing: the canonical form, releases, and the catalogue that holds them."""
