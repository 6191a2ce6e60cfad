import { bytes, seconds } from "./settings.mjs";

// Engines, models and the JVM itself, in addition to the heap: measured, see bench/README.md.
const BESIDE_HEAP = 450 * 2 ** 20;

const variables = (container) => new Map((container.env ?? []).map(({ name, value }) => [name, value]));

/** @param claims the volume claims that there are; none given, where others make them */
export function podRules(pod, settings, expect, claims) {
  const volumes = pod.volumes ?? [];
  expect(pod.automountServiceAccountToken === false, "must not mount a service account's token");
  for (const { name, persistentVolumeClaim } of volumes) {
    expect(!claims || !persistentVolumeClaim
      || claims.some((claim) => claim.metadata.name === persistentVolumeClaim.claimName), `volume ${name}: there is no such claim`);
  }
  for (const container of [...(pod.initContainers ?? []), ...pod.containers]) {
    const say = (condition, what) => expect(condition, `container ${container.name}: ${what}`);
    rights({ ...pod.securityContext, ...container.securityContext }, say);
    const tag = /:([^:/@]+)$/.exec(container.image)?.[1];
    say(container.image.includes("@sha256:") || (tag && tag !== "latest"), `${container.image} does not say which version`);
    for (const { name } of container.volumeMounts ?? []) {
      say(volumes.some((volume) => volume.name === name), `mounts ${name}, which is not a volume of the pod`);
    }
    for (const name of variables(container).keys()) {
      say(!/^(MODELSERVER|SERVER|SPRING|MANAGEMENT|LOGGING)_/.test(name) || settings.variables.has(name),
        `${name} is not a setting of the server`);
    }
    // Only the server listens.
    if (container.ports) {
      probes(container, settings, say);
      ending(container, pod, settings, say);
      resources(container, say);
      files(container, settings, say);
    }
  }
}

function rights(context, say) {
  say(context.runAsNonRoot === true && context.runAsUser > 0 && context.runAsGroup > 0,
    "must run as a user other than root, by number");
  say(context.readOnlyRootFilesystem === true, "its root file system must be read-only");
  say(context.allowPrivilegeEscalation === false && context.capabilities?.drop?.includes("ALL"),
    "must have no rights of root's");
  say(context.seccompProfile?.type === "RuntimeDefault", "must run under the runtime's seccomp profile");
}

function probes(container, settings, say) {
  say(container.ports.some((port) => port.containerPort === settings.value("server.port")), "does not open server.port");
  const groups = { startupProbe: "liveness", livenessProbe: "liveness", readinessProbe: "readiness" };
  for (const [probe, group] of Object.entries(groups)) {
    const { path, port } = container[probe]?.httpGet ?? {};
    say(settings.healthGroups.includes(group) && path === `/actuator/health/${group}`,
      `${probe} asks ${path}, not /actuator/health/${group}`);
    say(container.ports.some((open) => [open.name, open.containerPort].includes(port)),
      `${probe} asks a port that is not open`);
  }
  const { periodSeconds, failureThreshold } = container.startupProbe ?? {};
  say(periodSeconds * failureThreshold > seconds(settings.value("modelserver.registry.load-limit")),
    "startupProbe gives up before a load may");
}

function ending(container, pod, settings, say) {
  const drain = seconds(variables(container).get("MODELSERVER_SHUTDOWN_DRAIN") ?? settings.value("modelserver.shutdown.drain"));
  const preStop = container.lifecycle?.preStop?.sleep?.seconds ?? 0;
  const finish = seconds(settings.value("spring.lifecycle.timeout-per-shutdown-phase"));
  say(drain > 0, "has no time to say that it is leaving");
  say(pod.terminationGracePeriodSeconds > preStop + drain + finish,
    `is killed after ${pod.terminationGracePeriodSeconds} s, and may need ${preStop} + ${drain} + ${finish} s`);
}

function resources(container, say) {
  const { requests, limits } = container.resources;
  const needed = bytes(variables(container).get("MODELSERVER_HEAP") ?? "512m") + BESIDE_HEAP;
  say(bytes(requests.memory) >= needed, "requests less memory than heap and engines take");
  say(bytes(limits.memory) >= needed * 1.5, "has a memory limit without room for a second version while models change");
  say(/^\d+$/.test(limits.cpu), "its CPU limit is not a whole number, from which the JVM counts its cores");
}

function files(container, settings, say) {
  const mounts = container.volumeMounts ?? [];
  const writable = (path) => mounts.some((mount) => mount.mountPath === path && !mount.readOnly);
  say(writable("/app/data") && writable("/tmp"), "must be able to write /app/data and /tmp");
  const keys = variables(container).get("MODELSERVER_API_KEYS_FILE");
  say(!keys || mounts.some((mount) => keys.startsWith(`${mount.mountPath}/`)), `${keys} is mounted nowhere`);
  const registry = variables(container).get("MODELSERVER_REGISTRY_PATH") ?? `/app/${settings.value("modelserver.registry.path")}`;
  const models = mounts.find((mount) => mount.name === "models");
  say(!models || models.mountPath === registry, `models are mounted at ${models?.mountPath}, and looked for at ${registry}`);
}
