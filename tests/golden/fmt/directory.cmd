fmt .
