"""What results say in words: numbers, tables as text, and sentences."""
