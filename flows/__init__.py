"""When things happen and in what order: one flow a domain, written as prose, and the command line."""
