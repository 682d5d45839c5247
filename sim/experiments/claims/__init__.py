"""Claims put to the test: what somebody says of the crisis, against differences between arms."""
