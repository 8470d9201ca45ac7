"""How good proposals are: a term of a repair centre by seed, solvers beside each other, figures."""
