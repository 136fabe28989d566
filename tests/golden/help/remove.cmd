remove --help
