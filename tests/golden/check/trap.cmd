check redirect.o
