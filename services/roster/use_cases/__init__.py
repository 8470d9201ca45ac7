"""What can be done with the roster: one function per verb, each inside its caller's transaction."""
