config check typo.conf
