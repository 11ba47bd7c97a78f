"""Files that the tests of the command line import."""

MIXED = "Number,Balance\nGC1,10.00\nGC2,20.00\nGC-3,30.00\nGC4,4o.00\nGC5,25.00\n"
"""Three good rows (GC5 is in the till with 5.00, GC1 with 10.00) and two rejects."""

GOOD = "Number,Balance\nGC1,10.00\nGC2,20.00\n"
LARGE = "Number,Balance\nGC1,10.00\nGC2,1500.00\n"
"""One card holds more than one card usually may."""
