caps --check generic --caps intel.json
