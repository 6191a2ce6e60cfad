"""The Python client of the ML Model Server. Start with Client, AsyncClient or SignalValidator."""

from ._calls import Outcome, PredictionRequest
from ._encoding import FeatureValueError
from .answers import (Analysis, Batch, Consensus, Experiment, FailedPrediction, Health, ModelChange, ModelVersion,
                      OutcomeReceipt, Prediction, Trust, Window)
from .async_client import AsyncClient
from .client import Client
from .errors import (AnswerTimeoutError, ConnectionLostError, ModelServerError, ProblemError, StaleStepError,
                     UnreachableError, UnreadableAnswerError, WindowFillingError)
from .outcomes import OutcomeBuffer, OutcomeCounts, OutcomesFullError, SpoolInUseError

__all__ = [
    "Analysis", "AnswerTimeoutError", "AsyncClient", "Batch", "Client", "ConnectionLostError", "Consensus", "Experiment",
    "FailedPrediction", "FeatureValueError", "Health", "ModelChange", "ModelServerError", "ModelVersion", "Outcome",
    "OutcomeBuffer", "OutcomeCounts", "OutcomeReceipt", "OutcomesFullError", "Prediction", "PredictionRequest",
    "ProblemError", "SpoolInUseError", "StaleStepError", "Trust", "UnreachableError", "UnreadableAnswerError", "Window",
    "WindowFillingError",
]

__version__ = "1.0.0"
