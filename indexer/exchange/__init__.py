"""What goes in and out, shared by page, API and command line: parameters, addresses, JSON bodies, citations."""
