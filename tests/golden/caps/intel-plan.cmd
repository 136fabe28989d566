plan --static --rules rules.save --caps intel.json 'ix0' 'ix1' 'ixv0' 'i40' 'ice0' 'ice1' 'igb0' 'igc0' 'e1000' 'iavf0'
