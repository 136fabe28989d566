caps --json --fix --caps intel.json
