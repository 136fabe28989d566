caps --caps intel.json eth9
