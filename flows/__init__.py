"""When things happen and in what order: one flow a domain, written as prose, and the command line."""

import atexit
import gc

# What is imported lives until the end: looking through all of it again and again takes a tenth of every start.
gc.set_threshold(200_000)
# And at the end it is the system's to take back: to look through it once more takes Python a second.
atexit.register(gc.freeze)
