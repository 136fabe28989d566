plan absent0
