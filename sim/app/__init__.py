"""The page of ``brink app``: move an assumption and see, while it moves, how a thousand crises would go."""
