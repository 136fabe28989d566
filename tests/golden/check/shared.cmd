check shared.o
