"""A WooCommerce shop: its REST interface, and its products and orders as targets."""
