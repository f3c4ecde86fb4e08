"""What the columns of a package hold: counts, ranges, commonest values, histograms."""
