"""The static site of a catalogue: what its pages show, the templates, and the files they need."""
