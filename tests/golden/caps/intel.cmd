caps --caps intel.json
