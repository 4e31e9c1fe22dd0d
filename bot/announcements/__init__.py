"""`python -m bot announce`: a broadcast from the terminal, written as a row that the running bot sends."""
