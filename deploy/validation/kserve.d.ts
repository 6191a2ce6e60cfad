// KServe publishes no schema in the npm registry. What is used of it is described here, on top of Kubernetes' own types;
// deploy/validate --crd checks against KServe's own definitions.
import type { IContainer } from "kubernetes-models/v1/Container";
import type { IPodSpec } from "kubernetes-models/v1/PodSpec";
import type { IVolume } from "kubernetes-models/v1/Volume";

interface Metadata {
  name: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

export interface IServingRuntime {
  apiVersion: "serving.kserve.io/v1alpha1";
  kind: "ServingRuntime";
  metadata: Metadata;
  spec: {
    protocolVersions?: ("v1" | "v2" | "grpc-v1" | "grpc-v2")[];
    supportedModelFormats: { name: string; version: string; autoSelect: boolean }[];
    annotations?: Record<string, string>;
    labels?: Record<string, string>;
    containers: IContainer[];
    volumes?: IVolume[];
  };
}

export interface IInferenceService {
  apiVersion: "serving.kserve.io/v1beta1";
  kind: "InferenceService";
  metadata: Metadata;
  spec: {
    predictor: Partial<IPodSpec> & {
      minReplicas: number;
      maxReplicas: number;
      model: Partial<IContainer> & {
        modelFormat: { name: string; version: string };
        protocolVersion?: "v1" | "v2" | "grpc-v1" | "grpc-v2";
        runtime: string;
        storageUri: string;
      };
    };
  };
}
