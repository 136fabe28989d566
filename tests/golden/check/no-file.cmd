check no-such.o
