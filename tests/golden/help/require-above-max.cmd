apply --rules x --require native --max generic eth0
