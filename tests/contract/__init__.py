"""What services promise: their APIs and their events."""
