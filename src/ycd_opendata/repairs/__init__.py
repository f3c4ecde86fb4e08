"""What spreadsheets and hands do to cells, and what the cells were: certain, or to be asked."""
