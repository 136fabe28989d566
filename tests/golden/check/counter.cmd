check counter.o
