"""How people come in, from the terminal: the office's register as a file, letters, posters, and how many came."""
