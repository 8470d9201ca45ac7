"""The plumbing on real databases and real buses."""
