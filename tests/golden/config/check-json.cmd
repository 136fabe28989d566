config check --json kernel.conf
