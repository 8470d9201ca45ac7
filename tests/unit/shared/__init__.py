"""The plumbing's pure parts."""
