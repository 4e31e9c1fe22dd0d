"""The running process: settings, wiring, the loops and the command line."""
