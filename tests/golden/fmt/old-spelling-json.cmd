fmt --json old-spelling.rules
