plan --rules raw.save --rules6 raw6.save eth0-absent
