plan --rules ufw.save absent0
