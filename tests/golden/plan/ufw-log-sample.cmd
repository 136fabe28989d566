plan --log-sample 10 --rules ufw.save absent0
