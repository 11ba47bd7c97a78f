"""What the data is: domains, records, codes and errors.

Pure declarations and the types that cross module borders. No I/O, no Prefect, no
logging, no environment; no decisions either, those live in ``tasks.core``.
"""

from schemas import pandera_for_polars as pandera_for_polars
