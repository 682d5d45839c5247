"""Work in pieces: any executor, any cut, kept as it comes, gone on with after a stop."""
