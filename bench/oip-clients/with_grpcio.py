"""Calls made with gRPC's C core from Python, on which Triton's and KServe's Python clients stand. Prints a line of JSON per call."""
import json
import pathlib
import struct
import sys
import threading

import grpc
from grpc_tools import protoc

port, work, large = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
proto = pathlib.Path(__file__).resolve().parent.parent.parent / "src/main/proto"
protoc.main(["protoc", f"-I{proto}", f"--python_out={work}", f"--grpc_python_out={work}", "open_inference.proto"])
sys.path.insert(0, work)
import open_inference_pb2 as oip
import open_inference_pb2_grpc as oip_grpc

# What Triton's client sets: no limit to messages, and pings also while nothing is asked.
channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=[
    ("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1),
    ("grpc.keepalive_time_ms", 10_000), ("grpc.keepalive_permit_without_calls", 1)])
server = oip_grpc.GRPCInferenceServiceStub(channel)
WINDOW = struct.pack("<6600f", *([0.0] * 6600))
KINDS = {"fp32": ("FP32", struct.pack("<2f", 1.5, -2)), "fp64": ("FP64", struct.pack("<2d", 0.1, 3)), "fp16": ("FP16", struct.pack("<2e", 0.5, -4)),
         "int64": ("INT64", struct.pack("<2q", -2**63, 7)), "int32": ("INT32", struct.pack("<2i", 2**31 - 1, -7)), "bool": ("BOOL", b"\1\0"),
         "bytes": ("BYTES", struct.pack("<I", 8) + "цена".encode() + struct.pack("<I", 0))}


def classifier(**more):
    return oip.ModelInferRequest(model_name="hybrid_cnn_lstm", inputs=[{"name": "features", "datatype": "FP32", "shape": [1, 60, 110]}],
                                 raw_input_contents=[WINDOW], **more)


def simple(model_name="simple", **more):
    inputs = [{"name": name, "datatype": "INT32", "shape": [1, 16], "contents": {"int_contents": values}}
              for name, values in (("INPUT0", range(16)), ("INPUT1", [1] * 16))]
    return oip.ModelInferRequest(model_name=model_name, inputs=inputs, **more)


def check(name, call, *args):
    try:
        problem = call(*args)
        print(json.dumps({"call": name, "passed": problem is None, "detail": problem or ""}), flush=True)
    except Exception as failure:
        print(json.dumps({"call": name, "passed": False, "detail": repr(failure)[:300]}), flush=True)


def expect(what, is_so):
    return None if is_so else f"got {what}"[:300]


def refused(code, call):
    try:
        return f"{code} was expected, got {call()}"[:300]
    except grpc.RpcError as error:
        return expect(f"{error.code()}: {error.details()}", error.code() == code and "Exception" not in error.details())


def infer_simple():
    answer = server.ModelInfer(simple(id="7"))
    outputs = {output.name: struct.unpack("<16i", raw) for output, raw in zip(answer.outputs, answer.raw_output_contents)}
    return expect(answer, answer.id == "7" and outputs == {"OUTPUT0": tuple(i + 1 for i in range(16)), "OUTPUT1": tuple(i - 1 for i in range(16))})


def every_datatype():
    answer = server.ModelInfer(oip.ModelInferRequest(
        model_name="datatypes", inputs=[{"name": name, "datatype": kind, "shape": [1, 2]} for name, (kind, _) in KINDS.items()],
        raw_input_contents=[raw for _, raw in KINDS.values()]))
    return expect(answer, list(answer.raw_output_contents) == [raw for _, raw in KINDS.values()]
                  and [output.datatype for output in answer.outputs] == [kind for kind, _ in KINDS.values()])


def stream():
    asked = [simple(id="a"), simple("nobody", id="b"), simple(id="c")]
    answers = list(server.ModelStreamInfer(iter(asked)))
    return expect(answers, [a.infer_response.id for a in answers] == ["a", "b", "c"] and [bool(a.error_message) for a in answers] == [False, True, False])


def sequence():
    step = oip.ModelInferRequest(model_name="hybrid_cnn_lstm", inputs=[{"name": "features", "datatype": "FP32", "shape": [1, 110]}],
                                 raw_input_contents=[WINDOW[:440]])
    step.parameters["sequence_id"].int64_param = 1007
    for number in range(60):
        step.parameters["sequence_start"].bool_param = number == 0
        step.parameters["sequence_end"].bool_param = number == 59
        if number < 59:
            problem = refused(grpc.StatusCode.FAILED_PRECONDITION, lambda: server.ModelInfer(step))
            if problem:
                return problem
    return expect("no answer", len(server.ModelInfer(step).raw_output_contents) > 0)


def classes():
    request = classifier(outputs=[{"name": "direction_logits"}])
    request.outputs[0].parameters["classification"].int64_param = 2
    answer = server.ModelInfer(request)
    return expect(answer, answer.outputs[0].datatype == "BYTES" and list(answer.outputs[0].shape) == [1, 2])


def cancelled():
    call = server.ModelInfer.future(classifier())
    call.cancel()
    return expect(call.code(), call.code() in (grpc.StatusCode.CANCELLED, grpc.StatusCode.OK)) or infer_simple()


def unload_and_load():
    server.RepositoryModelUnload(oip.RepositoryModelUnloadRequest(model_name="simple"))
    unready = server.ModelReady(oip.ModelReadyRequest(name="simple")).ready
    server.RepositoryModelLoad(oip.RepositoryModelLoadRequest(model_name="simple"))
    return expect(f"ready {unready} while unloaded", not unready) or infer_simple()


def pings():
    threading.Event().wait(25)
    return infer_simple()


def mixed():
    request = simple()
    request.raw_input_contents.extend([bytes(64), bytes(64)])
    return refused(grpc.StatusCode.INVALID_ARGUMENT, lambda: server.ModelInfer(request))


def typed_half():
    request = oip.ModelInferRequest(model_name="datatypes", inputs=[{"name": "fp16", "datatype": "FP16", "shape": [1, 2], "contents": {"fp32_contents": [1, 2]}}])
    return refused(grpc.StatusCode.INVALID_ARGUMENT, lambda: server.ModelInfer(request))


def too_large():
    request = classifier()
    request.raw_input_contents[0] = bytes(large)
    return refused(grpc.StatusCode.RESOURCE_EXHAUSTED, lambda: server.ModelInfer(request))


check("ServerLive", lambda: expect("not live", server.ServerLive(oip.ServerLiveRequest()).live))
check("ServerReady", lambda: expect("not ready", server.ServerReady(oip.ServerReadyRequest()).ready))
check("ServerMetadata", lambda: expect("no extension", "sequence" in server.ServerMetadata(oip.ServerMetadataRequest()).extensions))
check("ModelReady", lambda: expect("not ready", server.ModelReady(oip.ModelReadyRequest(name="simple")).ready))
check("ModelReady of none", lambda: expect("ready", not server.ModelReady(oip.ModelReadyRequest(name="nobody")).ready))
check("ModelMetadata", lambda: expect("other inputs", {i.name for i in server.ModelMetadata(oip.ModelMetadataRequest(name="simple")).inputs} == {"INPUT0", "INPUT1"}))
check("ModelInfer, typed contents", infer_simple)
check("ModelInfer, raw contents, every datatype", every_datatype)
check("ModelInfer, gzip", lambda: expect("no answer", server.ModelInfer(classifier(), compression=grpc.Compression.Gzip).outputs))
check("ModelInfer, classification", classes)
check("ModelInfer, sequence of 60 steps", sequence)
check("ModelStreamInfer, in order, past an error", stream)
check("both kinds of contents", mixed)
check("typed FP16", typed_half)
check("unknown model", lambda: refused(grpc.StatusCode.NOT_FOUND, lambda: server.ModelInfer(simple("nobody"))))
check("deadline", lambda: refused(grpc.StatusCode.DEADLINE_EXCEEDED, lambda: server.ModelInfer(classifier(), timeout=0.00001)))
check("cancelled call", cancelled)
check("message over the limit", too_large)
check("RepositoryIndex", lambda: expect("no model", {"simple", "hybrid_cnn_lstm"} <= {m.name for m in server.RepositoryIndex(oip.RepositoryIndexRequest()).models}))
check("RepositoryModelUnload, -Load", unload_and_load)
check("ModelStatistics", lambda: expect("no count", server.ModelStatistics(oip.ModelStatisticsRequest(name="simple")).model_stats[0].inference_count > 0))
check("keepalive pings without calls", pings)
