"""News sources of other sites (RSS, Atom): fetched from public addresses only, and read in a process of their own."""
