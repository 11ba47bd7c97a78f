"""The servers of this machine: started when needed, kept by one keeper, found by everyone.

Everything listens on 127.0.0.1 only and lives under ``COUNTERFOIL_HOME``.
"""

from infra.stack.client import Need, Services, ensure_services, exported_environment

__all__ = ["Need", "Services", "ensure_services", "exported_environment"]
