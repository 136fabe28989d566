check --card small,max_lem=3 counter.o
