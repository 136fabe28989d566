caps --caps bad-kind.probe
