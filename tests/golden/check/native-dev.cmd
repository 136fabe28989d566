check --target native --dev lo counter.o
