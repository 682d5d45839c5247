"""One crisis, checked: files in, a frozen Scenario out, every mistake in plain words."""
