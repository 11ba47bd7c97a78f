"""The steps of the triage manual that several pieces of advice share, in Astro's own words."""

OPEN = "Click the name of the customer ({customer}) in the report: the checkout screen opens."
REWARD = "Under Checkout, find the reward {reward_id} and click it."
HISTORY = "Click History, bottom left, and expand the details of the cards until one shows Reward ID {reward_id}."
UNDO = "Click Undo Redemption there, then Remove and Reselect."
ASK = "Ask the customer for the {contact}, and enter it where Astro asks for it."
ENTER = "Enter the {contact} from our own register where Astro asks for it."
PICK = "In the window that opens, {pick}"
LOCK = "Click Use Selected Items, see that it stands under Rewards Earned/Redeemed This Visit, then click Finished."
HIDE = "Back in the RestAPI report, click Hide beside this failure."
OFF = "Set Scanner / Keystroke Capture to Off, paste {upc} into the search bar and click Add Item."
FINISH = "Click Checkout, bottom left, then Finished."
EXPAND = "Find the card for {item} and click Expand Details."
EXCEPTION = (
    "Choose the programme {maker_programme}, then Next.",
    "Choose the item it resembles most in recipe or price{similar}.",
    "Type its name as fully as you can, with its weight: {item}.",
    "Enter the UPC {upc}, choose the reason why it is an exception, and click Add Item.",
)
AGAIN = (
    "Do not import the sale again later: what is put on a card by hand is dated the day you do it, "
    "and would then count twice."
)
