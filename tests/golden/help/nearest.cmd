aply
