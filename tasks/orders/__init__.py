"""Steps that only orders have: fetching them from a web shop, matching products, and proof of the stock."""
