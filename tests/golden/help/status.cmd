status --help
