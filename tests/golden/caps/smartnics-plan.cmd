plan --static --rules rules.save --caps smartnics.json 'np0' 'np1' 'np2' 'sim0' 'bn0' 'sfc0' 'ef100' 'qe0'
