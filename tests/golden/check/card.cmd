check --card typical,max_maps=0 counter.o
