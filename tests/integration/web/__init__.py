"""The front's pages over the real services, all in this process."""
