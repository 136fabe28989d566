check --json --target native redirect.o
