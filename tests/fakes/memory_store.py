"""An S3 store in memory, as far as pages of a shop need one: what boto3's client would do, without a server."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, cast

from botocore.exceptions import ClientError

from infra.storage import Storage


class _Client:
    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, dict[str, str]]] = {}

    def put_object(self, *, Key: str, Body: bytes, Metadata: dict[str, str], IfNoneMatch: str = "", **_: Any) -> None:  # noqa: N803
        if IfNoneMatch and Key in self.objects:
            raise ClientError({"Error": {"Code": "PreconditionFailed"}}, "PutObject")
        self.objects[Key] = (Body, Metadata)

    def get_object(self, *, Key: str, **_: Any) -> dict[str, Any]:  # noqa: N803
        content, metadata = self._held(Key)
        return {"Body": BytesIO(content), "Metadata": metadata}

    def head_object(self, *, Key: str, **_: Any) -> dict[str, Any]:  # noqa: N803
        content, metadata = self._held(Key)
        return {**_told(Key, content), "ContentLength": len(content), "Metadata": metadata}

    def delete_object(self, *, Key: str, **_: Any) -> None:  # noqa: N803
        self.objects.pop(Key, None)

    def get_paginator(self, _: str) -> "_Client":
        return self

    def paginate(self, *, Prefix: str, **_: Any) -> Iterator[dict[str, Any]]:  # noqa: N803
        yield {
            "Contents": [_told(key, held[0]) for key, held in sorted(self.objects.items()) if key.startswith(Prefix)]
        }

    def _held(self, key: str) -> tuple[bytes, dict[str, str]]:
        if key not in self.objects:
            raise ClientError({"Error": {"Code": "404"}}, "GetObject")
        return self.objects[key]


def memory_store() -> Storage:
    """Return a store with nothing in it."""
    return Storage(bucket="test", endpoint_url="memory", client=cast(Any, _Client()))


def _told(key: str, content: bytes) -> dict[str, Any]:
    return {"Key": key, "ETag": str(hash(content)), "Size": len(content), "LastModified": datetime.now(UTC)}
