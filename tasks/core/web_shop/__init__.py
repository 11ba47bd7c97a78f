"""What a web shop is to be told from the till: which products, which orders. Pure."""
