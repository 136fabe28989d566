caps --check native --caps clouds-6.12.json ena0 ena1 virt1
