config check kernel.conf
