"""The one place that turns the bytes of a table into rows, for every use of them."""
