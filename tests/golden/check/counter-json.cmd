check --json counter.o
