// What schemas say: examples of them, and the fields that they have.

// Follows a reference such as "#/components/schemas/User"; what stands beside it adds to what it leads to.
export function resolve(contract, node) {
  let found = node || {};
  for (let seen = 0; found.$ref && seen < 20; seen += 1) {
    const { $ref, ...beside } = found;
    const target = $ref.slice(2).split("/").reduce(
      (at, key) => at?.[key.replaceAll("~1", "/").replaceAll("~0", "~")], contract);
    found = { ...target, ...beside };
  }
  return found;
}

// A value that shows the shape of a schema; read-only fields are left out, as requests leave them out.
export function example(contract, schema, depth = 0) {
  const node = resolve(contract, schema);
  if (node.examples?.length) return node.examples[0];
  if (node.default !== undefined) return node.default;
  if (node.const !== undefined) return node.const;
  if (node.enum) return node.enum.find((name) => !String(name).endsWith("_UNSPECIFIED")) ?? node.enum[0];
  if (depth > 4) return null;
  if (node.properties) return exampleObject(contract, node, depth);
  if (node.anyOf) return example(contract, node.anyOf[0], depth + 1);
  const type = Array.isArray(node.type) ? node.type.find((name) => name !== "null") : node.type;
  if (type === "array") return [example(contract, node.items, depth + 1)];
  if (type === "boolean") return false;
  if (type === "integer" || type === "number") return 0;
  if (type === "object") return {};
  return node.format === "uuid" ? "01996f6e-8c54-7cc1-9d4e-6a0f5b1c2d3e" : "";
}

function exampleObject(contract, node, depth) {
  const value = {};
  for (const [name, property] of Object.entries(node.properties)) {
    // What is there to be told a version is not made up, and who is meant stands in the path.
    if (property.readOnly || resolve(contract, property).readOnly || ["name", "etag"].includes(name)) continue;
    value[name] = example(contract, property, depth + 1);
  }
  // Members that exclude each other: the first one is shown.
  for (const { not } of node.allOf || []) {
    for (const name of (not?.required || []).slice(1)) delete value[name];
  }
  return value;
}

// The type of a schema in a few words.
export function typeOf(contract, schema) {
  const name = schema.$ref?.split("/").at(-1);
  const node = resolve(contract, schema);
  if (node.type === "array") return `list of ${typeOf(contract, node.items)}`;
  if (node.enum) return node.enum.filter((value) => !String(value).endsWith("_UNSPECIFIED")).join(" | ");
  if (node.anyOf && !node.properties) return node.anyOf.map((one) => typeOf(contract, one)).join(" or ");
  if (node.const !== undefined) return JSON.stringify(node.const);
  const limits = [];
  const plain = node.format || name || node.type || "any value";
  if (node.minLength > 0 || node.maxLength) limits.push(`${node.minLength ?? 0} to ${node.maxLength ?? "any number of"} characters`);
  if (node.maxItems) limits.push(`at most ${node.maxItems}`);
  if (node.default !== undefined) limits.push(`${JSON.stringify(node.default)} if not given`);
  return [plain, ...limits].join(", ");
}

// The fields of a schema, inner ones after their outer one.
export function fieldsOf(contract, schema, { prefix = "", depth = 0 } = {}) {
  const outer = resolve(contract, schema);
  const node = outer.type === "array" ? resolve(contract, outer.items) : outer;
  const found = [];
  for (const [name, property] of Object.entries(node.properties || {})) {
    const { description = "", readOnly, writeOnly } = resolve(contract, property);
    const path = prefix + name;
    found.push({
      path, description, readOnly, writeOnly, type: typeOf(contract, property), required: node.required?.includes(name),
    });
    if (depth < 2) found.push(...fieldsOf(contract, property, { prefix: `${path}.`, depth: depth + 1 }));
  }
  return found;
}
