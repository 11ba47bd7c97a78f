"""The S3 store: inbox files as they came, and every artifact of a run, in every mode.

Locks, cursors and idempotency do not belong here; S3 stores differ too much to carry them.
"""

import base64
import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import quote
from uuid import uuid4

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    ConnectionError,  # noqa: A004 (botocore's name for what we catch)
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
)

from infra.bucket_places import BucketPlaces
from infra.databases.errors import LATER
from infra.settings import Settings
from infra.storage_errors import ABSENT, code_of, explain, no_answer, wrong_keys
from schemas.problems import Refused, Unavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LARGEST_SINGLE_PUT_BYTES = 64 * 2**20
WRITTEN_BY_ANOTHER = {"PreconditionFailed", "412", "ConditionalRequestConflict", "409", "NoSuchKey", "404"}
_NO_ETAG = f'"{"0" * 32}"'
PAGE = "text/html; charset=utf-8"

_MULTIPART = TransferConfig(
    multipart_threshold=LARGEST_SINGLE_PUT_BYTES, multipart_chunksize=16 * 2**20, max_concurrency=4
)


@dataclass(frozen=True, kw_only=True)
class ObjectInfo:
    """What the store says of an object. ``etag`` names a version; it is not a checksum."""

    key: str
    etag: str
    size_bytes: int
    last_modified_at: datetime


@dataclass(frozen=True, kw_only=True)
class Storage:
    """One bucket, or a shop's part of it. Each method raises Unavailable without answer, Refused on a wrong setting."""

    bucket: str
    endpoint_url: str
    client: "S3Client" = field(repr=False)
    places: BucketPlaces = field(default_factory=BucketPlaces)

    def put_once(self, key: str, content: bytes) -> None:
        """Store *content*, or find that the same content is there already.

        Content above 64 MiB goes up in parts, which no store guards against a second writer;
        a look before has to do, so name such objects by their content.

        Raises:
            Refused: The key holds something else.
        """
        if len(content) > LARGEST_SINGLE_PUT_BYTES:
            if self.head(key):
                self._expect_same(key, content_sha256(content))
            else:
                self.put(key, content)
        elif not self._created(key, content):
            self._expect_same(key, content_sha256(content))

    def copy_once(self, key: str, found: ObjectInfo, sha256: str) -> None:
        """Store once more what was *found* under another key: the store copies it. *sha256* is that of this version.

        Raises:
            Unavailable: It is another version by now.
            Refused: The key holds something else, or the store does not copy just the version that is named.
        """
        if not self._copies_named_version(found):
            raise Refused(f"The S3 store at {self.endpoint_url} copies whatever version is there. Send the content.")
        if not self._copied(key, found, sha256):
            self._expect_same(key, sha256)

    def _copies_named_version(self, found: ObjectInfo) -> bool:
        """See whether a copy of a version that is not there is turned away: some stores do not look at it."""
        key = f"self-test/{uuid4().hex}"
        try:
            return not self._copied(key, replace(found, etag=_NO_ETAG), "")
        finally:
            self.remove(key)

    def _copied(self, key: str, found: ObjectInfo, sha256: str) -> bool:
        with self._in_words(found.key):
            try:
                self.client.copy_object(
                    Bucket=self.bucket,
                    Key=self.places.place_of(key),
                    CopySource={"Bucket": self.bucket, "Key": self.places.place_of(found.key)},
                    CopySourceIfMatch=found.etag,
                    IfNoneMatch="*",
                    MetadataDirective="REPLACE",
                    Metadata={"sha256": sha256},
                )
            except ClientError as error:
                if code_of(error) not in WRITTEN_BY_ANOTHER:
                    raise
                return False
        return True

    def put(self, key: str, content: bytes) -> None:
        """Store *content*, in place of what was there: for the few views that are meant to change."""
        with self._in_words(key):
            if len(content) > LARGEST_SINGLE_PUT_BYTES:
                extra = {"Metadata": {"sha256": content_sha256(content)}, "ChecksumAlgorithm": "SHA256"}
                place = self.places.place_of(key)
                self.client.upload_fileobj(io.BytesIO(content), self.bucket, place, ExtraArgs=extra, Config=_MULTIPART)
            else:
                self.client.put_object(**self._request(key, content))

    def put_file(self, key: str, file: BinaryIO) -> None:
        """Store what an open file holds, however large, without having all of it in memory."""
        with self._in_words(key):
            self.client.upload_fileobj(file, self.bucket, self.places.place_of(key), Config=_MULTIPART)

    def get(self, key: str, sha256: str = "") -> bytes:
        """Return the whole object, checked against the *sha256* it must have, else the one it was written with.

        Raises:
            FileNeedsFixing: There is no such object.
            Refused: It is not what was stored.
        """
        with self._in_words(key):
            answer = self.client.get_object(Bucket=self.bucket, Key=self.places.place_of(key))
            content = answer["Body"].read()
        expected = sha256 or answer["Metadata"].get("sha256")
        if expected and expected != content_sha256(content):
            raise Refused(
                f"{key} is not what was stored: its SHA-256 differs. Do not rely on it; "
                "bring back the backup of the S3 store."
            )
        return content

    def remove(self, key: str) -> None:
        """Remove an object that is no evidence; where there is none, nothing happens."""
        with self._in_words(key):
            self.client.delete_object(Bucket=self.bucket, Key=self.places.place_of(key))

    def head(self, key: str) -> ObjectInfo | None:
        """Return what is known of an object, None where it is absent."""
        answer = self._head(key)
        if answer is None:
            return None
        return ObjectInfo(
            key=key, etag=answer["ETag"], size_bytes=answer["ContentLength"], last_modified_at=answer["LastModified"]
        )

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """Yield the objects under *prefix* in order of key, without the empty ones that stand for folders."""
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=self.places.place_of(prefix)
        )
        with self._in_words(prefix):
            for page in pages:
                for found in page.get("Contents", []):
                    if not found["Key"].endswith("/"):
                        yield self._info(found)

    def link(self, key: str, hours: int, filename: str) -> str:
        """Return a URL for so many hours, 168 at most: a page opens in the browser, else *filename* is downloaded."""
        plain = filename.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_").replace("\\", "_")
        opens = filename.endswith(".html")
        shown = (
            f"{'inline' if opens else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
        )
        wanted = {"Bucket": self.bucket, "Key": self.places.place_of(key), "ResponseContentDisposition": shown}
        kind = {"ResponseContentType": PAGE} if opens else {}
        with self._in_words(key):
            return self.client.generate_presigned_url("get_object", Params=wanted | kind, ExpiresIn=hours * 3600)

    def time(self) -> datetime:
        """Return what time it is by the store's own clock."""
        with self._in_words(self.bucket):
            answer = self.client.head_bucket(Bucket=self.bucket)
        return parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])

    def check_write_once(self) -> None:
        """Write a small object twice and see the second write rejected.

        Raises:
            Refused: The store lets a stored artifact be overwritten.
        """
        key = f"self-test/{uuid4().hex}"
        self._created(key, b"first")
        overwritten = self._created(key, b"second")
        self.remove(key)
        if overwritten:
            raise Refused(
                f"The S3 store at {self.endpoint_url} overwrites objects that must be written once "
                f"(PUT with If-None-Match). Switch versioning of the bucket {self.bucket} off, or use another store."
            )

    def _created(self, key: str, content: bytes) -> bool:
        with self._in_words(key):
            try:
                self.client.put_object(**self._request(key, content), IfNoneMatch="*")
            except ClientError as error:
                if code_of(error) not in WRITTEN_BY_ANOTHER:
                    raise
                return False
        return True

    def _info(self, found: Any) -> ObjectInfo:
        return ObjectInfo(
            key=self.places.key_at(found["Key"]),
            etag=found["ETag"],
            size_bytes=found["Size"],
            last_modified_at=found["LastModified"],
        )

    def _request(self, key: str, content: bytes) -> dict[str, Any]:
        digest = hashlib.sha256(content)
        return {
            "Bucket": self.bucket,
            "Key": self.places.place_of(key),
            "Body": content,
            "ChecksumSHA256": base64.b64encode(digest.digest()).decode(),
            "Metadata": {"sha256": digest.hexdigest()},
        }

    def _expect_same(self, key: str, sha256: str) -> None:
        stored = self._head(key)
        if stored is None:
            raise Unavailable(f"{key} is being written by another run. {LATER}")
        if stored["Metadata"].get("sha256") != sha256:
            raise Refused(f"{key} is written already, with other content. Nothing was changed; report it as a defect.")

    def _head(self, key: str) -> Any:
        with self._in_words(key):
            try:
                return self.client.head_object(Bucket=self.bucket, Key=self.places.place_of(key))
            except ClientError as error:
                if code_of(error) in ABSENT:
                    return None
                raise

    @contextmanager
    def _in_words(self, key: str) -> Iterator[None]:
        try:
            yield
        except ClientError as error:
            raise explain(error, key, bucket=self.bucket, endpoint_url=self.endpoint_url) from error
        except NoCredentialsError as error:
            raise Refused(wrong_keys(self.endpoint_url)) from error
        except (ConnectionError, HTTPClientError, IncompleteReadError) as error:
            raise Unavailable(no_answer(self.endpoint_url)) from error


def connect_storage(settings: Settings) -> Storage:
    """Return the store that the settings name; nothing is sent yet. Without keys boto3 looks for its own.

    Raises:
        Refused: The endpoint is not a URL.
    """
    limits = Config(
        signature_version="s3v4",  # without it, links are signed in the old way that stores turn away
        s3={"addressing_style": "path", "payload_signing_enabled": False},  # we name the hash of what we send ourselves
        retries={"mode": "standard", "total_max_attempts": 3},
        connect_timeout=5,
        read_timeout=60,
    )
    try:
        client = boto3.client(
            "s3",
            endpoint_url=settings.s3_endpoint_url,
            region_name=settings.s3_region,
            aws_access_key_id=settings.s3_access_key_id or None,
            aws_secret_access_key=settings.s3_secret_access_key.get_secret_value() or None,
            config=limits,
        )
    except ValueError as error:
        raise Refused("COUNTERFOIL_S3_ENDPOINT_URL is not a URL; write it like https://s3.example.com.") from error
    places = BucketPlaces(settings.shop)
    return Storage(bucket=settings.s3_bucket, endpoint_url=settings.s3_endpoint_url, client=client, places=places)


def content_sha256(content: bytes) -> str:
    """Return the hexadecimal SHA-256 that names *content* everywhere."""
    return hashlib.sha256(content).hexdigest()
