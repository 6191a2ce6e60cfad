// What no schema knows: whether objects fit each other and the server.
import { podRules } from "./pod-rules.mjs";

const matches = (selector, labels) => Object.entries(selector?.matchLabels ?? selector ?? {})
  .every(([key, value]) => labels?.[key] === value);

/** The objects that are installed together. */
class Installation {
  constructor(objects) {
    this.objects = objects;
  }

  of(kind) {
    return this.objects.filter((object) => object.kind === kind);
  }

  named(kind, name) {
    return this.of(kind).find((object) => object.metadata.name === name);
  }

  deploymentsOf(selector) {
    return this.of("Deployment").filter((deployment) => matches(selector, deployment.spec.template.metadata.labels));
  }

  scalerOf(deployment) {
    return this.of("HorizontalPodAutoscaler").find(({ spec }) => spec.scaleTargetRef.kind === "Deployment"
      && spec.scaleTargetRef.name === deployment.metadata.name);
  }

  fewest(deployment) {
    return this.scalerOf(deployment)?.spec.minReplicas ?? deployment.spec.replicas ?? 1;
  }

  most(deployment) {
    return this.scalerOf(deployment)?.spec.maxReplicas ?? deployment.spec.replicas ?? 1;
  }
}

const RULES = {
  Deployment(deployment, installed, settings, expect) {
    const { template, selector, strategy, progressDeadlineSeconds = 600 } = deployment.spec;
    const server = template.spec.containers[0];
    const volumes = (template.spec.volumes ?? []).filter((volume) => volume.persistentVolumeClaim);
    const several = installed.most(deployment) > 1;

    expect(matches(selector, template.metadata.labels), "the selector does not match the template's labels");
    expect(!installed.scalerOf(deployment) || deployment.spec.replicas === undefined,
      "sets replicas, which are the autoscaler's to set");
    expect(!several || server.env.some((variable) => variable.name === "SPRING_DATASOURCE_URL"),
      "several replicas need one PostgreSQL for the ledger");
    expect(!volumes.some((volume) => volume.name === "data") || (!several && strategy.type === "Recreate"),
      "only one server at a time can have the ledger's file open");
    expect(!several || volumes.every((volume) => installed
      .named("PersistentVolumeClaim", volume.persistentVolumeClaim.claimName)?.spec.accessModes.includes("ReadWriteMany")),
      "several replicas need volumes that several nodes can mount");
    expect(server.startupProbe.periodSeconds * server.startupProbe.failureThreshold < progressDeadlineSeconds,
      "is given up before the startup probe gives up");
    for (const { labelSelector, topologyKey } of template.spec.topologySpreadConstraints ?? []) {
      expect(matches(labelSelector, template.metadata.labels), `spreads other pods over ${topologyKey}`);
    }
    podRules(template.spec, settings, expect, installed.of("PersistentVolumeClaim"));
  },

  Pod(pod, installed, settings, expect) {
    podRules(pod.spec, settings, expect, installed.of("PersistentVolumeClaim"));
  },

  Service(service, installed, settings, expect) {
    const targets = installed.deploymentsOf(service.spec.selector);
    expect(targets.length > 0, "selects no pod");
    for (const port of service.spec.ports) {
      const target = port.targetPort ?? port.port;
      expect(targets.every(({ spec }) => spec.template.spec.containers.flatMap((container) => container.ports ?? [])
        .some((open) => [open.name, open.containerPort].includes(target))), `port ${port.name} leads nowhere`);
      expect(port.port === settings.value("server.port"), `port ${port.port} is not server.port`);
    }
  },

  ServiceMonitor({ spec }, installed, settings, expect) {
    const services = installed.of("Service").filter((service) => matches(spec.selector, service.metadata.labels));
    expect(services.length > 0, "selects no service");
    for (const { port, path } of spec.endpoints) {
      expect(services.every((service) => service.spec.ports.some((open) => open.name === port)), `no port is called ${port}`);
      expect(settings.endpoints.includes("prometheus") && path === "/actuator/prometheus",
        `the server has no metrics at ${path}`);
    }
    for (const job of services.map((service) => service.metadata.labels[spec.jobLabel])) {
      expect(settings.alerts.includes(`up{job="${job}"}`), `the alerts don't ask for the job ${job}`);
    }
  },

  Ingress(ingress, installed, settings, expect) {
    for (const { backend: { service } } of ingress.spec.rules.flatMap((rule) => rule.http.paths)) {
      expect(installed.named("Service", service.name)?.spec.ports.some((port) => port.name === service.port.name),
        `leads to ${service.name}:${service.port.name}, which is not there`);
    }
  },

  PodDisruptionBudget({ spec }, installed, settings, expect) {
    const [target] = installed.deploymentsOf(spec.selector);
    expect(target, "selects no pod");
    if (target) {
      const fewest = installed.fewest(target);
      expect(fewest > 1, "is for one replica, whose node could never be drained");
      expect((spec.maxUnavailable ?? fewest - (spec.minAvailable ?? 0)) >= 1, "never lets a pod go");
    }
  },

  HorizontalPodAutoscaler(scaler, installed, settings, expect) {
    const target = installed.of("Deployment").find((deployment) => installed.scalerOf(deployment) === scaler);
    expect(target, "scales nothing that is there");
    for (const { resource } of scaler.spec.metrics) {
      expect(target?.spec.template.spec.containers.every((container) => container.resources.requests[resource.name]),
        `${resource.name} is measured against a request that is not there`);
    }
  },

  NetworkPolicy({ spec }, installed, settings, expect) {
    expect(installed.deploymentsOf(spec.podSelector).length > 0, "selects no pod");
  },

  Secret(secret, installed, settings, expect) {
    expect(false, "is no matter of the repository");
  },

  InferenceService(service, installed, settings, expect) {
    const { model, ...pod } = service.spec.predictor;
    const runtime = installed.named("ServingRuntime", model.runtime);
    expect(runtime, `there is no runtime ${model.runtime}`);
    if (runtime) {
      const server = runtime.spec.containers.find((container) => container.name === "kserve-container");
      expect(runtime.spec.supportedModelFormats.some((format) => format.name === model.modelFormat.name
        && format.version === model.modelFormat.version), "its runtime does not take its format");
      expect(!model.protocolVersion || runtime.spec.protocolVersions?.includes(model.protocolVersion),
        "its runtime does not speak its protocol");
      expect(server?.env.some(({ name, value }) => name === "MODELSERVER_REGISTRY_PATH" && value === "/mnt/models"),
        "its runtime looks elsewhere than KServe puts models");
      podRules({ ...pod, ...runtime.spec }, settings, expect);
    }
  },
};

export function ruleMistakes(objects, settings) {
  const installed = new Installation(objects);
  return objects.flatMap((object) => {
    const mistakes = [];
    RULES[object.kind]?.(object, installed, settings, (condition, what) => condition
      || mistakes.push(`${object.kind} ${object.metadata.name}: ${what}`));
    return mistakes;
  });
}
