"""`make afternoon`: one busy afternoon at the repair desk, from the first check-in to the last hand-back."""
