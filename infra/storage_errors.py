"""What an S3 store's errors mean, in plain words."""

from http import HTTPStatus

from botocore.exceptions import ClientError

from infra.databases.errors import LATER
from schemas.problems import FileNeedsFixing, Problem, Refused, Unavailable

ABSENT = {"NoSuchKey", "404"}
WRONG_KEYS = {"AccessDenied", "403", "SignatureDoesNotMatch", "InvalidAccessKeyId", "AuthorizationHeaderMalformed"}
BUSY = {"SlowDown", "RequestTimeout", "Throttling", "TooManyRequests"}


def explain(error: ClientError, key: str, *, bucket: str, endpoint_url: str) -> Problem:
    """Return the error to raise for what the store said of *key*."""
    code = code_of(error)
    if code == "NoSuchBucket":
        return Refused(_no_bucket(endpoint_url, bucket))
    if code in ABSENT:
        return FileNeedsFixing(f"There is no file {key} in the bucket {bucket}. Put it there and run again.")
    if code in WRONG_KEYS:
        return Refused(wrong_keys(endpoint_url))
    if code in BUSY or _status(error) >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unavailable(no_answer(endpoint_url))
    return Refused(f"The S3 store at {endpoint_url} refused {error.operation_name} of {key}: {code}.")


def code_of(error: ClientError) -> str:
    return error.response.get("Error", {}).get("Code", "")


def _status(error: ClientError) -> int:
    return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)


def no_answer(endpoint_url: str) -> str:
    return f"The S3 store at {endpoint_url} did not answer. {LATER}"


def wrong_keys(endpoint_url: str) -> str:
    return (
        f"The S3 store at {endpoint_url} does not accept our keys. Correct COUNTERFOIL_S3_ACCESS_KEY_ID, "
        "COUNTERFOIL_S3_SECRET_ACCESS_KEY and COUNTERFOIL_S3_REGION, and see that they may use the bucket."
    )


def _no_bucket(endpoint_url: str, bucket: str) -> str:
    return (
        f"The S3 store at {endpoint_url} has no bucket {bucket}. Correct COUNTERFOIL_S3_BUCKET, or make it: "
        f"aws --endpoint-url {endpoint_url} s3 mb s3://{bucket}"
    )
