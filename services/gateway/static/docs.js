// Lists the operations of /openapi.json and sends requests to this server. Everything that comes from the
// contract or from an answer is written as text, never as HTML.
"use strict";

const VERBS = ["get", "post", "put", "patch", "delete"];
const find = (id) => document.getElementById(id);

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// Follows a reference such as "#/components/schemas/User".
function resolve(contract, node) {
  let seen = 0;
  while (node && node.$ref && seen++ < 20) {
    node = node.$ref.slice(2).split("/").reduce(
      (at, key) => at && at[key.replaceAll("~1", "/").replaceAll("~0", "~")], contract);
  }
  return node || {};
}

// A value that shows the shape of a schema; read-only fields are left out, as requests leave them out.
function example(contract, schema, depth = 0) {
  const node = resolve(contract, schema);
  if (node.example !== undefined) return node.example;
  if (node.examples && node.examples.length) return node.examples[0];
  if (node.default !== undefined) return node.default;
  if (node.enum) return node.enum.find((name) => !String(name).endsWith("_UNSPECIFIED")) ?? node.enum[0];
  if (depth > 4) return null;
  const parts = node.allOf || [];
  if (node.properties || parts.length) {
    const value = {};
    for (const part of parts) Object.assign(value, example(contract, part, depth));
    for (const [name, property] of Object.entries(node.properties || {})) {
      if (property.readOnly || resolve(contract, property).readOnly) continue;
      value[name] = example(contract, property, depth + 1);
    }
    // Members that exclude each other: the first one is shown.
    for (const { not } of parts) {
      for (const name of ((not && not.required) || []).slice(1)) delete value[name];
    }
    return value;
  }
  const type = Array.isArray(node.type) ? node.type.find((t) => t !== "null") : node.type;
  if (type === "array") return [example(contract, node.items, depth + 1)];
  if (type === "boolean") return false;
  if (type === "integer" || type === "number") return 0;
  return type === "object" ? {} : "";
}

function field(prefix, name, label, input) {
  input.id = `${prefix}-${name}`;
  return [make("label", { htmlFor: input.id, textContent: label }), input];
}

function parameterLabel(parameter) {
  const required = parameter.required ? ", required" : "";
  const text = parameter.description ? `: ${parameter.description}` : "";
  return `${parameter.name} (${parameter.in}${required})${text}`;
}

function address(path, parameters) {
  const query = new URLSearchParams();
  for (const { parameter, input } of parameters) {
    if (parameter.in === "path") {
      // A parameter that stands for several segments keeps its slashes.
      const value = input.value.split("/").map(encodeURIComponent).join("/");
      path = path.replace(`{${parameter.name}}`, value);
    } else if (parameter.in === "query" && input.value !== "") {
      const repeated = parameter.schema && parameter.schema.type === "array";
      for (const value of repeated ? input.value.split(",") : [input.value]) {
        query.append(parameter.name, value.trim());
      }
    }
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

async function send(verb, path, parameters, body, output) {
  const headers = {};
  const token = find("token").value.trim();
  if (token) headers.authorization = `Bearer ${token}`;
  for (const { parameter, input } of parameters) {
    if (parameter.in === "header" && input.value) headers[parameter.name] = input.value;
  }
  const text = body ? body.value.trim() : "";
  if (text) headers["content-type"] = "application/json";
  const url = address(path, parameters);
  output.hidden = false;
  output.textContent = `${verb} ${url}\n…`;
  try {
    const began = performance.now();
    const answer = await fetch(url, { method: verb, headers, body: text || undefined });
    let content = await answer.text();
    try { content = JSON.stringify(JSON.parse(content), null, 2); } catch { /* not one JSON value: shown as it is */ }
    const shown = ["etag", "location", "retry-after", "x-request-id"]
      .filter((name) => answer.headers.has(name))
      .map((name) => `${name}: ${answer.headers.get(name)}`);
    const time = `${Math.round(performance.now() - began)} ms`;
    output.textContent =
      [`${verb} ${url}`, `${answer.status} ${answer.statusText} (${time})`, ...shown, "", content].join("\n");
  } catch (error) {
    output.textContent = `${verb} ${url}\n${error}`;
  }
}

function form(contract, prefix, verb, path, item, operation) {
  const parameters = [...(item.parameters || []), ...(operation.parameters || [])]
    .map((parameter) => ({ parameter: resolve(contract, parameter), input: make("input", { type: "text" }) }));
  for (const { parameter, input } of parameters) input.required = parameter.in === "path";
  const element = make("form");
  for (const { parameter, input } of parameters) {
    element.append(...field(prefix, parameter.name, parameterLabel(parameter), input));
  }
  const content = resolve(contract, operation.requestBody).content;
  const schema = content && content["application/json"] && content["application/json"].schema;
  let body = null;
  if (schema) {
    body = make("textarea", { spellcheck: false });
    body.value = JSON.stringify(example(contract, schema), null, 2);
    element.append(...field(prefix, "body", "Body", body));
  }
  const output = make("pre", { hidden: true, tabIndex: 0 });
  output.setAttribute("role", "status");
  output.setAttribute("aria-label", "Answer");
  element.append(make("button", { type: "submit", textContent: "Send" }), output);
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    send(verb, path, parameters, body, output);
  });
  return element;
}

function operationElement(contract, prefix, verb, path, item, operation) {
  const summary = make("summary", {},
    make("span", { className: `method ${verb}`, textContent: verb }),
    make("span", { className: "path", textContent: path }),
    make("span", { className: "quiet", textContent: ` ${operation.summary || ""}` }));
  const details = make("details", {}, summary);
  details.dataset.words = [verb, path, operation.summary, operation.operationId].join(" ").toLowerCase();
  details.addEventListener("toggle", () => {
    if (!details.open || details.dataset.filled) return;
    details.dataset.filled = "yes";
    const description = make("p", { textContent: operation.description || "" });
    details.append(make("div", {}, description, form(contract, prefix, verb, path, item, operation)));
  });
  return details;
}

function show(contract) {
  const info = contract.info || {};
  document.title = info.title || "API";
  find("title").textContent = `${info.title || "API"} ${info.version || ""}`;
  find("description").textContent = info.description || "";
  const groups = new Map();
  let count = 0;
  for (const [path, item] of Object.entries(contract.paths || {})) {
    for (const name of VERBS.filter((name) => item[name])) {
      const operation = item[name];
      const group = (operation.tags && operation.tags[0]) || "Operations";
      const element = operationElement(contract, `op${count++}`, name.toUpperCase(), path, item, operation);
      groups.set(group, [...(groups.get(group) || []), element]);
    }
  }
  for (const [group, elements] of groups) {
    find("operations").append(make("section", {}, make("h2", { textContent: group }), ...elements));
  }
  find("state").textContent = `${count} operations`;
}

function filter() {
  const words = find("filter").value.toLowerCase().split(/\s+/);
  for (const section of document.querySelectorAll("section")) {
    const elements = [...section.querySelectorAll("details")];
    for (const element of elements) {
      element.hidden = !words.every((word) => element.dataset.words.includes(word));
    }
    section.hidden = elements.every((element) => element.hidden);
  }
}

find("filter").addEventListener("input", filter);
fetch("/openapi.json")
  .then((answer) => answer.json())
  .then(show)
  .catch((error) => { find("state").textContent = `The contract cannot be read: ${error}`; });
