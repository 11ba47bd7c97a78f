"""The codes of orders and of the products they move, as rows of the catalogue: code, level, says, remedy."""

from schemas.levels import Level

ORDER_CODES: tuple[tuple[str, Level, str, str], ...] = (
    ("ORDER_UNREADABLE", "reject", "not an order as the shop writes them", "fetch or export it again"),
    ("ORDER_ID", "reject", "not the id of an order", "give the id that the shop gave it, not its number"),
    ("ORDER_TWICE", "reject", "the order is there more than once, and not the same", "keep the one that is right"),
    ("ORDER_ROWS_DIFFER", "reject", "the rows of the order do not say the same", "say the same on all its rows"),
    ("ORDER_DATE", "reject", "not a date and time", "write it like 2024-03-09T14:02:11"),
    (
        "ORDER_STATUS",
        "reject",
        "a status that the settings do not explain",
        "say in the settings what it means to the till: closed, parked or voided",
    ),
    ("ORDER_QUANTITY", "reject", "not a quantity", "write it like 2 or 0.5, to three decimals at most"),
    (
        "ORDER_TOTAL_MISMATCH",
        "reject",
        "the lines do not add up to the total of the order",
        "put the lines or the total right in the shop",
    ),
    (
        "ORDER_CURRENCY",
        "reject",
        "not the currency of the till",
        "import it into a till of its currency, or leave it out",
    ),
    (
        "ORDER_REFUND_MISSING",
        "reject",
        "the order names a refund that did not come with it",
        "fetch the order with its refunds",
    ),
    ("STOCK_SKU", "reject", "no SKU", "give the SKU of the product"),
    ("STOCK_SKU_TWICE", "reject", "the SKU is there more than once", "keep one row, with all there is of it"),
    ("STOCK_SKU_AMBIGUOUS", "held", "several products of the till have this SKU", "give each its own SKU at the till"),
    (
        "STOCK_MOVED_ALREADY",
        "held",
        "the till knows the stock of this product here, and it is another",
        "count it at the till; a list is taken only where nothing has moved yet",
    ),
    (
        "ORDER_NOT_HELD",
        "reject",
        "no order with this id waits in the run that the file corrects",
        "take the row out, or correct the file of the run that holds it",
    ),
    ("ORDER_LINE_UNKNOWN", "reject", "the order has no such line", "give the line's id as the file had it"),
    (
        "ORDER_REFUND_STOCK",
        "concern",
        "it cannot be told which refund was put back in stock",
        "look at the refunds of the order before you approve",
    ),
    (
        "ORDER_LINE_PRODUCT_DELETED",
        "held",
        "the product of a line was deleted in the shop",
        "name the product to book it on in the corrections file",
    ),
    (
        "ORDER_LINE_PRODUCT_DELETED_IN_TARGET",
        "held",
        "the product of a line was deleted at the till",
        "name the product to book it on in the corrections file",
    ),
    (
        "ORDER_LINE_SKU_MISSING",
        "held",
        "a line has no SKU of its own, and its product is not linked",
        "run again with on_missing_product=create, or name the product to book it on in the corrections file",
    ),
    (
        "ORDER_LINE_SKU_AMBIGUOUS",
        "held",
        "the SKU of a line is that of more than one product, at the till or in the shop",
        "give one of them another SKU, or name the product to book it on in the corrections file",
    ),
    (
        "ORDER_LINE_SKU_UNKNOWN",
        "held",
        "the till has no product with the SKU of a line",
        "run again with on_missing_product=create, or name a product in the corrections file",
    ),
    (
        "ORDER_CHANGED_AT_TILL",
        "held",
        "the sale was changed at the till since it was imported",
        "put it right at the till; it is not overwritten",
    ),
    (
        "ORDER_CHANGED_ON_BOTH_SIDES",
        "held",
        "the order changed in the shop, and its sale was edited at the till",
        "compare both sides; make the sale at the till what the order is, or void it there and import the order again",
    ),
    (
        "ORDER_VOIDED_AT_TILL",
        "concern",
        "sales that are voided at the till would count again",
        "approve the plan if they should",
    ),
    (
        "ORDER_STOCK_NEGATIVE",
        "concern",
        "more was sold than the till has in stock",
        "run again with stock=neutral, or count the stock first",
    ),
    ("ORDER_ALREADY_IMPORTED", "note", "the till has the order as it is", "nothing to do"),
)
