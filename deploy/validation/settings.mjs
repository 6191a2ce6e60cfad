import { readFileSync } from "node:fs";
import { parse } from "yaml";

// Settings of Spring Boot's own that config/application.yml shows as comments only.
const SPRING = ["spring.datasource.url", "spring.datasource.username", "spring.datasource.password"];

function flatten(value, path = []) {
  if (value !== null && typeof value === "object" && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, inner]) => flatten(inner, [...path, key]));
  }
  return [[path.join("."), value]];
}

/** The variable that Spring Boot binds to a setting. */
const variable = (setting) => setting.replaceAll("-", "").replaceAll(".", "_").toUpperCase();

/** What the server and its start script are known to read, and what it has without being told. */
export function readSettings() {
  const operators = readFileSync("config/application.yml", "utf8");
  const built = parse(readFileSync("src/main/resources/application.yml", "utf8"));
  const values = new Map(flatten(parse(operators)));
  const script = readFileSync("start_ml_server.sh", "utf8");
  return {
    value: (setting) => values.get(setting),
    variables: new Set([
      ...[...values.keys(), ...SPRING].map(variable),
      // Names that stand for a setting or a flag: ${MODELSERVER_HEAP:-512m}.
      ...[...`${operators}\n${script}`.matchAll(/\$\{([A-Z_]+):/g)].map((match) => match[1]),
    ]),
    healthGroups: Object.keys(built.management.endpoint.health.group),
    endpoints: built.management.endpoints.web.exposure.include.split(","),
    alerts: readFileSync("config/prometheus/alerts.yml", "utf8"),
  };
}

/** Seconds of a duration as Spring Boot reads it. */
export function seconds(duration) {
  const [, number, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(duration) ?? [];
  return number * { ms: 0.001, s: 1, m: 60, h: 3600, d: 86400 }[unit];
}

/** Bytes of a quantity of Kubernetes (Gi), or of a heap as the JVM takes it (m). */
export function bytes(quantity) {
  const [, number, unit] = /^(\d+)(Ki|Mi|Gi|k|m|g)?$/i.exec(quantity) ?? [];
  return number * ({ k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 }[(unit ?? "").charAt(0).toLowerCase()] ?? 1);
}
