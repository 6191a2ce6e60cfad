"""The Python client of the ML Model Server. Start with Client, AsyncClient or SignalValidator."""

from ._calls import Outcome, PredictionRequest
from ._encoding import FeatureValueError
from .answers import (Analysis, Batch, Consensus, Experiment, FailedPrediction, Health, ModelChange, ModelVersion,
                      OutcomeReceipt, Prediction, Trust, Window)
from .async_client import AsyncClient
from .breaker import CircuitBreaker
from .client import Client
from .decision import Decision, DecisionRules, Signal, Unavailable, Verdict, decide
from .errors import (AnswerTimeoutError, ConnectionLostError, ModelServerError, ProblemError, StaleStepError,
                     UnreachableError, UnreadableAnswerError, WindowFillingError)
from .health import HealthWatch
from .outcomes import OutcomeBuffer, OutcomeCounts, OutcomesFullError, SpoolInUseError
from .statistics import Statistics
from .validator import AsyncSignalValidator, SignalValidator

__all__ = [
    "Analysis", "AnswerTimeoutError", "AsyncClient", "AsyncSignalValidator", "Batch", "CircuitBreaker", "Client",
    "ConnectionLostError", "Consensus", "Decision", "DecisionRules", "Experiment", "FailedPrediction",
    "FeatureValueError", "Health", "HealthWatch", "ModelChange", "ModelServerError", "ModelVersion", "Outcome",
    "OutcomeBuffer", "OutcomeCounts", "OutcomeReceipt", "OutcomesFullError", "Prediction", "PredictionRequest",
    "ProblemError", "Signal", "SignalValidator", "SpoolInUseError", "StaleStepError", "Statistics", "Trust",
    "Unavailable", "UnreachableError", "UnreadableAnswerError", "Verdict", "Window", "WindowFillingError", "decide",
]

__version__ = "1.0.0"
