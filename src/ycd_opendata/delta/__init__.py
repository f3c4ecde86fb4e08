"""What is computed from the tables of our own data set, and the rules about them."""
