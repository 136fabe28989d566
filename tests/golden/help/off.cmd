off --help
