"""The web front: pages, forms and the sign-in flow; it owns no data."""
