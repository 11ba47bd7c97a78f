"""The engines of this process of tests: one a URL, so that looking into a database again opens no more connections."""

from functools import cache

import infra.databases.database

open_database = cache(infra.databases.database.open_database)
