plan --static --rules rules.save --caps bonds.json 'bond0' 'bond1' 'bond2' 'bond3' 'bond4' 'bond5'
