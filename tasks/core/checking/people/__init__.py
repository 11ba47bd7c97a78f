"""What a customer register says of people: one module a kind of value, text in, canonical text out.

Every reader takes trimmed cells, never null, and gives a ReadColumn. A blank cell is always
readable and stays blank: whether it may be blank is for the flow to say. What a cell holds is
personal, so it stays out of ``detail``, but for the dates that a cell may mean.
"""
