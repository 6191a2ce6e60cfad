"""The bundled model behind FastAPI, as one would write it: python3 -m uvicorn fastapi_peer:app --app-dir bench"""
import time
from typing import List

import torch
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

torch.set_num_threads(1)
model = torch.jit.load("models/hybrid_cnn_lstm/20251114_192715/model.pt").eval()
directions = ["SELL", "HOLD", "BUY"]
app = FastAPI()


class Request(BaseModel):
    symbol: str
    features: List[float]


@app.get("/health")
def health():
    return {"status": "healthy"}


@app.post("/predict")
def predict(request: Request):
    start = time.perf_counter()
    if len(request.features) != 60 * 110:
        raise HTTPException(422, f"features have {len(request.features)} numbers, expected {60 * 110}")
    with torch.inference_mode():
        logits, confidence, expected_return = model(torch.tensor(request.features).reshape(1, 60, 110))
    probabilities = torch.softmax(logits[0], 0).tolist()
    return {
        "symbol": request.symbol,
        "prediction": {
            "direction": directions[max(range(3), key=probabilities.__getitem__)],
            "confidence": confidence.item(),
            "expected_return": expected_return.item(),
            "probabilities": dict(zip(directions, probabilities)),
        },
        "latency_ms": (time.perf_counter() - start) * 1e3,
    }
