"""The closest call: of the runs that saw no war, the one in which war was likeliest at some time."""
