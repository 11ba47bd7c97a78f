import time, sys
from tests.children import run_child
from tests.engineless import new_flow_run_id
import tests.crash.driver

def test_x(sqlite_shop, tmp_path):
    for i in range(3):
        t=time.time(); e=run_child(tests.crash.driver.nothing, sqlite_shop.environment, tmp_path/"x"); print("nothing", time.time()-t, e)
    c=sqlite_shop.case("set")
    for i in range(3):
        t=time.time(); e=c.import_file(new_flow_run_id()); print("run", time.time()-t, e)
    import pathlib
    print((c.folder/"run-2.passed").read_text())
