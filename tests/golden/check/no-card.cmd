check --card huge counter.o
