fmt old-spelling.rules
