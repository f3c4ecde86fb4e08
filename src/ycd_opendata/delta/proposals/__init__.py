"""What our curators might do next."""
