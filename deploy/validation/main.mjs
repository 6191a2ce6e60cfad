// Checks target/manifests/rendered; deploy/validate has put it there. Run in the project's folder.
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { parseAllDocuments } from "yaml";
import { ruleMistakes } from "./rules.mjs";
import { definitionMistakes, schemaMistakes, schemaOf } from "./schemas.mjs";
import { readSettings } from "./settings.mjs";

function load(file) {
  return parseAllDocuments(readFileSync(file, "utf8"), { uniqueKeys: true }).map((document) => {
    if (document.errors.length > 0) {
      throw new Error(`${file}: ${document.errors[0].message}`);
    }
    return document.toJS();
  }).filter((object) => object !== null);
}

const folder = "target/manifests/rendered";
const sets = readdirSync(folder).sort().map((file) => ({
  name: basename(file, ".yaml"),
  objects: load(`${folder}/${file}`),
}));
const definitions = process.argv.slice(2).filter((argument) => argument !== "--crd").flatMap(load)
  .flatMap((object) => object.items ?? [object])
  .filter((object) => object.kind === "CustomResourceDefinition");
if (process.argv.length > 2 && definitions.length === 0) {
  throw new Error("--crd names no CustomResourceDefinition");
}

const settings = readSettings();
const mistakes = [
  ...await schemaMistakes(sets),
  ...definitionMistakes(sets, definitions),
  ...sets.flatMap((set) => ruleMistakes(set.objects, settings).map((mistake) => `${set.name}: ${mistake}`)),
];

const kinds = new Map();
for (const object of sets.flatMap((set) => set.objects)) {
  const schema = schemaOf(object, definitions);
  kinds.set(schema, (kinds.get(schema) ?? new Set()).add(`${object.apiVersion} ${object.kind}`));
}
for (const [schema, checked] of [...kinds].sort()) {
  console.log(`${schema}:\n  ${[...checked].sort().join(", ")}`);
}
mistakes.forEach((mistake) => console.error(`MISTAKE ${mistake}`));
const count = sets.reduce((sum, set) => sum + set.objects.length, 0);
console.log(`${count} objects in ${sets.length} sets (${sets.map((set) => set.name).join(", ")}): ${mistakes.length} mistakes`);
process.exitCode = mistakes.length > 0 ? 1 : 0;
