stats --json --prometheus
