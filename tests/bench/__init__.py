"""What is measured rather than tested: whole days, as ratios and figures, each with its seed."""
