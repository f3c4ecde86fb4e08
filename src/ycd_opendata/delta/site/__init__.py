"""What the site shows of our tables beyond what it shows of any: verdicts, figures, evidence."""
