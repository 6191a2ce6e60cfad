// Calls made with @grpc/grpc-js, gRPC in JavaScript without the C core. Prints a line of JSON per call.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [port, modules, proto, large] = process.argv.slice(2);
const require = createRequire(modules + "/package.json");
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");

const options = { keepCase: true, longs: Number, enums: String, defaults: true, oneofs: true };
const { inference } = grpc.loadPackageDefinition(loader.loadSync(proto + "/open_inference.proto", options));
const address = `127.0.0.1:${port}`;
const client = new inference.GRPCInferenceService(address, grpc.credentials.createInsecure(), { "grpc.keepalive_time_ms": 10000 });

function call(name, request, more = {}) {
  return new Promise((resolve, reject) =>
    client[name](request, { deadline: Date.now() + 60000, ...more }, (error, answer) => (error ? reject(error) : resolve(answer))));
}

function floats(count) {
  return Buffer.alloc(4 * count);
}

const classifier = () => ({ model_name: "hybrid_cnn_lstm", id: "7",
  inputs: [{ name: "features", datatype: "FP32", shape: [1, 60, 110] }], raw_input_contents: [floats(6600)] });
const simple = (id, model_name = "simple") => ({ model_name, id, inputs: [
  { name: "INPUT0", datatype: "INT32", shape: [1, 16], contents: { int_contents: [...Array(16).keys()] } },
  { name: "INPUT1", datatype: "INT32", shape: [1, 16], contents: { int_contents: Array(16).fill(1) } }] });

function expect(isSo, what) {
  if (!isSo) throw new Error(`got ${JSON.stringify(what)}`.slice(0, 300));
}

async function refused(code, promise) {
  const error = await promise.then(() => null, (failure) => failure);
  expect(error && error.code === code && !error.details.includes("Exception"), error && `${error.code}: ${error.details}`);
}

async function inferSimple() {
  const answer = await call("ModelInfer", simple("1"));
  const sum = answer.raw_output_contents[answer.outputs.findIndex((output) => output.name === "OUTPUT0")];
  expect(sum.readInt32LE(60) === 16 && answer.id === "1", answer);
}

function stream() {
  return new Promise((resolve, reject) => {
    const answers = [];
    const both = client.ModelStreamInfer({ deadline: Date.now() + 60000 });
    both.on("data", (answer) => answers.push(answer));
    both.on("error", reject);
    both.on("end", () => resolve(answers));
    [simple("a"), simple("b", "nobody"), simple("c")].forEach((request) => both.write(request));
    both.end();
  });
}

// The services and their messages as the server itself describes them.
function reflection(version, request) {
  const text = `syntax = "proto3"; package grpc.reflection.${version};
    service ServerReflection { rpc ServerReflectionInfo(stream Ask) returns (stream Told); }
    message Ask { string host = 1; oneof what { string file_containing_symbol = 4; string list_services = 7; } }
    message Told { oneof what { Files file_descriptor_response = 4; Services list_services_response = 6; } }
    message Files { repeated bytes file_descriptor_proto = 1; }
    message Services { repeated Service service = 1; } message Service { string name = 1; }`;
  const protobuf = require("protobufjs");
  const definition = loader.fromJSON(protobuf.parse(text, { keepCase: true }).root.toJSON(), options);
  const service = grpc.loadPackageDefinition(definition).grpc.reflection[version].ServerReflection;
  return new Promise((resolve, reject) => {
    const both = new service(address, grpc.credentials.createInsecure()).ServerReflectionInfo();
    both.on("data", (answer) => { resolve(answer); both.end(); });
    both.on("error", reject);
    both.write(request);
  });
}

function health() {
  const text = `syntax = "proto3"; package grpc.health.v1; service Health { rpc Check(Ask) returns (Told); rpc Watch(Ask) returns (stream Told); }
    message Ask { string service = 1; } message Told { int32 status = 1; }`;
  const definition = loader.fromJSON(require("protobufjs").parse(text, { keepCase: true }).root.toJSON(), options);
  const service = new (grpc.loadPackageDefinition(definition).grpc.health.v1.Health)(address, grpc.credentials.createInsecure());
  return new Promise((resolve, reject) => service.Check({}, (error, answer) => {
    if (error) return reject(error);
    const watch = service.Watch({ service: "inference.GRPCInferenceService" });
    watch.on("data", (told) => { watch.cancel(); resolve([answer.status, told.status]); });
    watch.on("error", () => {});
  }));
}

const checks = {
  ServerLive: async () => expect((await call("ServerLive", {})).live),
  ServerReady: async () => expect((await call("ServerReady", {})).ready),
  ServerMetadata: async () => expect((await call("ServerMetadata", {})).extensions.includes("sequence")),
  ModelReady: async () => expect((await call("ModelReady", { name: "simple" })).ready),
  "ModelReady of none": async () => expect(!(await call("ModelReady", { name: "nobody" })).ready),
  ModelMetadata: async () => expect((await call("ModelMetadata", { name: "simple" })).inputs.length === 2),
  "ModelInfer, typed contents": inferSimple,
  "ModelInfer, raw contents": async () => {
    const answer = await call("ModelInfer", classifier());
    expect(answer.id === "7" && answer.raw_output_contents.length === answer.outputs.length && answer.outputs.length > 0, answer);
  },
  "ModelStreamInfer, in order, past an error": async () => {
    const answers = await stream();
    expect(answers.map((a) => a.infer_response.id).join() === "a,b,c" && answers.map((a) => Boolean(a.error_message)).join() === "false,true,false", answers);
  },
  "both kinds of contents": () => refused(grpc.status.INVALID_ARGUMENT, call("ModelInfer", { ...simple("1"), raw_input_contents: [floats(16), floats(16)] })),
  "unknown model": () => refused(grpc.status.NOT_FOUND, call("ModelInfer", simple("1", "nobody"))),
  deadline: () => refused(grpc.status.DEADLINE_EXCEEDED, call("ModelInfer", classifier(), { deadline: Date.now() - 1 })),
  "message over the limit": () => refused(grpc.status.RESOURCE_EXHAUSTED, call("ModelInfer", { ...classifier(), raw_input_contents: [Buffer.alloc(Number(large))] })),
  RepositoryIndex: async () => expect((await call("RepositoryIndex", {})).models.some((model) => model.name === "simple" && model.state === "READY")),
  "RepositoryModelUnload, -Load": async () => {
    await call("RepositoryModelUnload", { model_name: "simple" });
    expect(!(await call("ModelReady", { name: "simple" })).ready);
    await call("RepositoryModelLoad", { model_name: "simple" });
    await inferSimple();
  },
  ModelStatistics: async () => expect((await call("ModelStatistics", { name: "simple" })).model_stats[0].inference_count > 0),
  "health: Check, Watch": async () => expect((await health()).join() === "1,1"),
  "reflection v1": async () => expect((await reflection("v1", { list_services: "" })).list_services_response.service.some((s) => s.name === "inference.GRPCInferenceService")),
  "reflection v1alpha": async () => expect((await reflection("v1alpha", { file_containing_symbol: "inference.GRPCInferenceService" })).file_descriptor_response.file_descriptor_proto.length > 0),
};

for (const [name, check] of Object.entries(checks)) {
  const detail = await check().then(() => "", (failure) => failure.message || String(failure));
  console.log(JSON.stringify({ call: name, passed: detail === "", detail }));
}
client.close();
