"""What can go wrong with a call, one class each. To a bot all of them mean: trade without ML."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Type


class ModelServerError(Exception):
    """Any reason why a call has no answer."""


class UnreachableError(ModelServerError):
    """No connection was made, so the server has not seen the request."""


class ConnectionLostError(ModelServerError):
    """The connection ended before the answer; whether the server has done what was asked is not known."""


class AnswerTimeoutError(ModelServerError):
    """The answer did not come within the time-out; whether the server has done what was asked is not known."""


class UnreadableAnswerError(ModelServerError):
    """What came is not an answer of this server, such as the error page of a proxy."""


class FieldError(NamedTuple):
    """What is wrong with one field of a request."""

    field: str
    message: str


class ProblemError(ModelServerError):
    """The server refused the request and said why (RFC 9457).

    status: of HTTP. code: the problem's code, such as WINDOW_FILLING; None where a proxy answered. detail: a sentence.
    errors: the fields that are wrong. retry_after: seconds after which to try again, None where the server does not say.
    """

    def __init__(self, status: int, code: Optional[str], detail: str, body: Optional[Mapping[str, Any]] = None,
                 retry_after: Optional[float] = None) -> None:
        super().__init__(f"{status} {code}: {detail}" if code else f"{status}: {detail}")
        self.status = status
        self.code = code
        self.detail = detail
        self.body: Mapping[str, Any] = body or {}
        self.retry_after = retry_after
        self.request_id: Optional[str] = self.body.get("request_id")

    def __reduce__(self) -> Any:
        return type(self), (self.status, self.code, self.detail, self.body, self.retry_after)

    @property
    def errors(self) -> List[FieldError]:
        found = self.body.get("errors")
        return [FieldError(str(error.get("field")), str(error.get("message")))
                for error in (found if isinstance(found, list) else []) if isinstance(error, dict)]


class MalformedRequestError(ProblemError):
    """400: the request could not be read."""


class UnauthenticatedError(ProblemError):
    """401: the call needs a key that the server knows."""


class ForbiddenError(ProblemError):
    """403: the key lacks the scope of the call, or a call without a key came from another host."""


class NotFoundError(ProblemError):
    """404: nothing is at this path, or the symbol has no window."""


class ModelNotFoundError(NotFoundError):
    """404: the registry has no such model."""


class VersionNotFoundError(NotFoundError):
    """404: the model has no such version, or none in that stage."""


class ExperimentNotFoundError(NotFoundError):
    """404: no experiment has that id, or none that runs."""


class PredictionNotFoundError(NotFoundError):
    """404: the ledger has none of the predictions."""


class MethodNotAllowedError(ProblemError):
    """405: the path has other methods."""


class NotAcceptableError(ProblemError):
    """406: the answer has no media type that was accepted."""


class RequestTimeoutError(ProblemError):
    """408: the body took too long to reach the server."""


class ConflictError(ProblemError):
    """409: the change does not fit the state that the registry or the experiment is in."""


class WindowFillingError(ConflictError):
    """409: the step was kept, but the window has fewer steps than the model looks at."""

    @property
    def have(self) -> Optional[int]:
        """The steps that are there; None where a batch answered, whose entries do not say."""
        return self.body.get("have")

    @property
    def need(self) -> Optional[int]:
        """The steps that the model looks at."""
        return self.body.get("need")


class StaleStepError(ConflictError):
    """409: the step is older than the last one of its series."""


class ModelRejectedError(ConflictError):
    """409: the version failed its check; nothing changed."""


class ExperimentExistsError(ConflictError):
    """409: another experiment is in the way."""


class PayloadTooLargeError(ProblemError):
    """413: the body is too long, or the list has too many entries."""


class UnsupportedMediaTypeError(ProblemError):
    """415: the body's media type or encoding is not read."""


class HeadersTooLargeError(ProblemError):
    """431: the request line and the headers are too long."""


class InvalidRequestError(ProblemError):
    """422: a field is missing, wrong or contradicts another; see errors."""


class InvalidFeaturesError(InvalidRequestError):
    """422: the features do not fit the model's input; see errors."""


class NotTrustedError(InvalidRequestError):
    """422: the server does not trust its answer to this input."""


class InferenceFailedError(ProblemError):
    """500: the model failed on this input."""


class InternalServerError(ProblemError):
    """500: a fault of the server, which is in its log."""


class UnavailableError(ProblemError):
    """503: the server cannot answer now; retry_after says when to try again."""


class NoProductionModelError(UnavailableError):
    """503: the model has no version in production that is served."""


class ModelLoadingError(UnavailableError):
    """503: the version is being loaded."""


class OverloadedError(UnavailableError):
    """503: the server has no room for the request now."""


class ShuttingDownError(UnavailableError):
    """503: the server is stopping."""


class LedgerUnavailableError(UnavailableError):
    """503: the ledger's database cannot be reached."""


class DeadlineExceededError(ProblemError):
    """504: the request's time ran out in the server."""


class InsufficientStorageError(ProblemError):
    """507: the disk has no room; nothing changed."""


BY_CODE: Dict[str, Type[ProblemError]] = {
    "MALFORMED_REQUEST": MalformedRequestError,
    "UNAUTHENTICATED": UnauthenticatedError,
    "FORBIDDEN": ForbiddenError,
    "NOT_FOUND": NotFoundError,
    "MODEL_NOT_FOUND": ModelNotFoundError,
    "VERSION_NOT_FOUND": VersionNotFoundError,
    "EXPERIMENT_NOT_FOUND": ExperimentNotFoundError,
    "PREDICTION_NOT_FOUND": PredictionNotFoundError,
    "METHOD_NOT_ALLOWED": MethodNotAllowedError,
    "NOT_ACCEPTABLE": NotAcceptableError,
    "REQUEST_TIMEOUT": RequestTimeoutError,
    "WINDOW_FILLING": WindowFillingError,
    "STALE_STEP": StaleStepError,
    "MODEL_REJECTED": ModelRejectedError,
    "EXPERIMENT_EXISTS": ExperimentExistsError,
    "CONFLICT": ConflictError,
    "PAYLOAD_TOO_LARGE": PayloadTooLargeError,
    "UNSUPPORTED_MEDIA_TYPE": UnsupportedMediaTypeError,
    "HEADERS_TOO_LARGE": HeadersTooLargeError,
    "INVALID_REQUEST": InvalidRequestError,
    "INVALID_FEATURES": InvalidFeaturesError,
    "NOT_TRUSTED": NotTrustedError,
    "INFERENCE_FAILED": InferenceFailedError,
    "INTERNAL_ERROR": InternalServerError,
    "NO_PRODUCTION_MODEL": NoProductionModelError,
    "MODEL_LOADING": ModelLoadingError,
    "OVERLOADED": OverloadedError,
    "SHUTTING_DOWN": ShuttingDownError,
    "LEDGER_UNAVAILABLE": LedgerUnavailableError,
    "DEADLINE_EXCEEDED": DeadlineExceededError,
    "INSUFFICIENT_STORAGE": InsufficientStorageError,
}

# For answers without a code, as proxies give them, and for codes of later servers.
BY_STATUS: Dict[int, Type[ProblemError]] = {
    400: MalformedRequestError, 401: UnauthenticatedError, 403: ForbiddenError, 404: NotFoundError,
    405: MethodNotAllowedError, 406: NotAcceptableError, 408: RequestTimeoutError, 409: ConflictError,
    413: PayloadTooLargeError, 415: UnsupportedMediaTypeError, 422: InvalidRequestError, 431: HeadersTooLargeError,
    500: InternalServerError, 502: UnavailableError, 503: UnavailableError, 504: DeadlineExceededError,
    507: InsufficientStorageError,
}


def problem(status: int, body: Mapping[str, Any], retry_after: Optional[float] = None) -> ProblemError:
    """The exception of a problem, as the server or a batch's entry tells it."""
    code = body.get("code")
    by_status = BY_STATUS.get(status, ProblemError)
    kind = BY_CODE.get(code, by_status) if isinstance(code, str) else by_status
    detail = body.get("detail") or body.get("title") or "the server gave no reason"
    return kind(status, code if isinstance(code, str) else None, str(detail), body, retry_after)
