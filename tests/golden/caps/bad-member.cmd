caps --caps bad-member.probe
