"""How well questions are answered: the fitting of the confidence, and the figures on questions not used for it."""
