"""Price lists, from a terminal."""

UGLY = """Référence;Valable dès;Prix d'achat
A-1;20/11/2026;1 234,50
A-1;2026-12-01;1 250,00
B-2;20.11.2026;9,90 €
C-3;31/02/2026;4,00
7,25E+12;2026-11-20;3,00
E-5;2026-11-20;5,00
e-5;2026-11-20;6,00
"""


def test_price_lists_are_read_corrected_changed_and_undone(desk):
    assert desk.ask("template", "supplier-costs", "--as", "csv")["columns"][1]["heading"] == "Valid from"
    first = desk.ask("run", "supplier-costs", desk.write("ugly.csv", UGLY), "--mode", "apply", code=4)
    assert (first["changes"]["created"], first["rows"]["rejected"]) == (3, 4)
    rejects = desk.read(desk.fetch(first["run_id"], "rejects"))
    assert "C-3;31/02/2026;4,00;\"Valable dès '31/02/2026': pas un jour" in rejects

    again = desk.ask("run", "supplier-costs", "ugly.csv", "--mode", "apply", code=4)
    assert (again["outcome"], again["changes"]["unchanged"]) == ("nothing_to_do", 3)

    desk.write("new.csv", "SKU,Valid from,Cost\nA-1,2026-11-20,1240.00\nB-2,2026-11-20,990.00\n")
    changed = desk.ask("run", "supplier-costs", "new.csv", "--mode", "apply", code=4)
    assert (changed["changes"]["updated"], changed["changes"]["held"]) == (1, 1)
    undone = desk.ask("restore", changed["run_id"], "--mode", "apply")
    assert undone["changes"]["updated"] == 1
