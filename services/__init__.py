"""The services of the suite; none imports another."""
