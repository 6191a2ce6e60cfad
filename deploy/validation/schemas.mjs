import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import Ajv from "ajv";
import ts from "typescript";

const WORK = "target/manifests";
const version = (name) => JSON.parse(readFileSync(`${WORK}/node_modules/${name}/package.json`, "utf8")).version;
const CORE = "kubernetes-models";
const OPERATOR = "@kubernetes-models/prometheus-operator";
const SCHEMAS = [
  {
    groups: /^serving\.kserve\.io\//,
    module: () => "../kserve",
    validates: false,
    title: () => "described by hand in deploy/validation/kserve.d.ts, on Kubernetes' own types",
  },
  {
    groups: /^monitoring\.coreos\.com\//,
    module: (object) => `${OPERATOR}/${object.apiVersion}/${object.kind}`,
    validates: true,
    title: () => `prometheus-operator v0.91.0 (npm ${OPERATOR} ${version(OPERATOR)})`,
  },
  {
    groups: /^(v1|apps\/v1|([a-z.]+\.k8s\.io|policy|autoscaling)\/v\d)$/,
    module: (object) => `${CORE}/${object.apiVersion}/${object.kind}`,
    validates: true,
    title: () => `Kubernetes v1.36.0 (npm ${CORE} ${version(CORE)})`,
  },
];

const place = (set, object) => `${set.name}: ${object.kind} ${object.metadata.name}`;
const definitionOf = (object, definitions) => definitions.find((definition) => definition.spec.names.kind === object.kind
  && definition.spec.versions.some((served) => `${definition.spec.group}/${served.name}` === object.apiVersion));

function schema(object) {
  const found = SCHEMAS.find((candidate) => candidate.groups.test(object.apiVersion));
  if (!found) {
    throw new Error(`no schema is known for ${object.apiVersion} ${object.kind}`);
  }
  return found;
}

export function schemaOf(object, definitions) {
  return schema(object).title() + (definitionOf(object, definitions) ? ", and the definition given by --crd" : "");
}

/** Two looks: the compiler refuses fields and values that the types lack; the validators see formats and ranges. */
export async function schemaMistakes(sets) {
  const all = sets.flatMap((set) => set.objects.map((object) => ({ object, place: place(set, object) })));
  return [...typeMistakes(all), ...(await Promise.all(all.map(valueMistakes))).flat()];
}

function typeMistakes(all) {
  const folder = `${WORK}/objects`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const places = new Map(all.map(({ object, place }, index) => {
    const file = `${folder}/${index}.ts`;
    writeFileSync(file, `import type { I${object.kind} } from "${schema(object).module(object)}";\n`
      + `export const object: I${object.kind} = ${JSON.stringify(object, null, 1)};\n`);
    return [file, place];
  }));
  const program = ts.createProgram([...places.keys()], { strict: true, noEmit: true, skipLibCheck: true, types: [],
    target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler });
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const { file, start } = diagnostic;
    const line = file ? file.text.split("\n")[file.getLineAndCharacterOfPosition(start).line].trim() : "";
    return `${places.get(file?.fileName) ?? file?.fileName}: ${line}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, " ")}`;
  });
}

async function valueMistakes({ object, place }) {
  if (!schema(object).validates) {
    return [];
  }
  const model = (await import(schema(object).module(object)))[object.kind];
  try {
    new model(object).validate();
    return [];
  } catch (error) {
    return [`${place}: ${error.message}`];
  }
}

/** Against definitions of custom resources, as strictly as the cluster with fieldValidation=Strict. */
export function definitionMistakes(sets, definitions) {
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true, code: { regExp } });
  return sets.flatMap((set) => set.objects.flatMap((object) => {
    const definition = definitionOf(object, definitions);
    if (!definition) {
      return [];
    }
    const served = definition.spec.versions.find((candidate) => object.apiVersion.endsWith(`/${candidate.name}`));
    const check = ajv.compile({ ...closed(served.schema.openAPIV3Schema), $id: undefined });
    return check({ ...object, metadata: {} }) ? [] : check.errors.map((error) =>
      `${place(set, object)}: ${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
  }));
}

/** Go writes "regardless of case" into the expression. */
const regExp = (expression, flags) => expression.includes("(?i)")
  ? new RegExp(expression.replace("(?i)", ""), `${flags}i`) : new RegExp(expression, flags);
regExp.code = "new RegExp";

/** A structural schema in which a field that is not named is a mistake. */
function closed(node) {
  if (node === null || typeof node !== "object") {
    return node;
  }
  if (Array.isArray(node)) {
    return node.map(closed);
  }
  if (node["x-kubernetes-int-or-string"]) {
    return { type: ["integer", "string"] };
  }
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, key === "properties"
    ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, closed(inner)])) : closed(value)]));
  const open = node["x-kubernetes-preserve-unknown-fields"] || node.additionalProperties !== undefined;
  return node.properties && !open ? { ...copy, additionalProperties: false } : copy;
}
