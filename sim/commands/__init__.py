"""The sub-commands of ``brink``, one a file; each is imported only when it is called."""
