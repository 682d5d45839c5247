"""The documents, and what in them is made by the program: `python -m docs` fills it in again."""
