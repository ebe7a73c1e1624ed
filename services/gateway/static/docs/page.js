// Lists the operations of /openapi.json, and finds them.

import { formOf } from "./form.js";
import { make, paragraphs, texts } from "./make.js";
import { fieldsOf, resolve } from "./schema.js";

const VERBS = ["get", "post", "put", "patch", "delete"];
const find = (id) => document.getElementById(id);

function fieldList(contract, schema) {
  return make("dl", { className: "fields" }, ...fieldsOf(contract, schema).flatMap((field) => {
    const marks = [field.type, field.required && "required", field.readOnly && "read only", field.writeOnly && "never returned"];
    return [make("dt", {}, make("code", { textContent: field.path })),
      make("dd", {}, make("span", { className: "quiet", textContent: marks.filter(Boolean).join(" · ") }), " ", ...texts(field.description))];
  }));
}

function part(title, content) {
  return make("details", { className: "part" }, make("summary", { textContent: title }), content);
}

function answers(contract, operation) {
  const rows = Object.entries(operation.responses).map(([status, reference]) => {
    const response = resolve(contract, reference);
    return make("div", {}, make("dt", { textContent: status }), make("dd", {}, ...texts(response.description || "")));
  });
  const list = make("dl", { className: "answers" }, ...rows);
  const [, success] = Object.entries(operation.responses).find(([status]) => status.startsWith("2")) || [];
  const schema = Object.values(resolve(contract, success).content || {})[0]?.schema;
  const shown = schema?.anyOf?.[0] || schema;
  return make("div", {}, list, ...(shown ? [fieldList(contract, shown)] : []));
}

function details(contract, prefix, entry) {
  const { operation } = entry;
  const body = resolve(contract, operation.requestBody).content?.["application/json"]?.schema;
  return make("div", { className: "body" }, ...paragraphs(operation.description),
    formOf(contract, prefix, entry),
    ...(body ? [part("Fields of the body", fieldList(contract, body))] : []),
    part("Answers", answers(contract, operation)));
}

function operationElement(contract, prefix, entry) {
  const { verb, path, operation } = entry;
  const summary = make("summary", {},
    make("span", { className: `method ${verb}`, textContent: verb }),
    make("span", { className: "path", textContent: path }),
    make("span", { className: "quiet summary", textContent: operation.summary || "" }));
  const element = make("details", { className: "operation", id: operation.operationId || prefix }, summary);
  element.dataset.words = [verb, path, operation.summary, operation.operationId].join(" ").toLowerCase();
  element.addEventListener("toggle", () => {
    if (!element.open || element.dataset.filled) return;
    element.dataset.filled = "yes";
    element.append(details(contract, prefix, entry));
  });
  return element;
}

function show(contract) {
  const { title = "API", version = "", description } = contract.info || {};
  document.title = title;
  find("title").textContent = `${title} ${version}`;
  find("description").append(...paragraphs(description));
  const groups = new Map((contract.tags || []).map(({ name, description: text }) => [name, { text, elements: [] }]));
  let count = 0;
  for (const [path, item] of Object.entries(contract.paths || {})) {
    for (const name of VERBS.filter((verb) => item[verb])) {
      const operation = item[name];
      const parameters = [...(item.parameters || []), ...(operation.parameters || [])].map((one) => resolve(contract, one));
      const entry = { verb: name.toUpperCase(), path, parameters, operation, tokenInput: find("token") };
      const group = operation.tags?.[0] || "Operations";
      if (!groups.has(group)) groups.set(group, { text: "", elements: [] });
      groups.get(group).elements.push(operationElement(contract, `op${count += 1}`, entry));
    }
  }
  for (const [name, { text, elements }] of groups) {
    const id = `group-${name}`;
    find("operations").append(make("section", { "aria-labelledby": id },
      make("h2", { id, textContent: name }), ...paragraphs(text), ...elements));
  }
  find("state").textContent = `${count} operations`;
  openNamed();
}

// An address such as /docs#UserService_GetUser opens that operation.
function openNamed() {
  const named = location.hash.length > 1 && find(decodeURIComponent(location.hash.slice(1)));
  if (!named || !named.classList.contains("operation")) return;
  named.open = true;
  named.scrollIntoView();
}

function filter() {
  const words = find("filter").value.toLowerCase().split(/\s+/);
  let count = 0;
  for (const element of document.querySelectorAll("details.operation")) {
    element.hidden = !words.every((word) => element.dataset.words.includes(word));
    count += element.hidden ? 0 : 1;
  }
  for (const section of document.querySelectorAll("main section")) {
    section.hidden = !section.querySelector("details.operation:not([hidden])");
  }
  find("state").textContent = count === 1 ? "1 operation" : `${count} operations`;
}

find("filter").addEventListener("input", filter);
find("tools").addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", openNamed);
try {
  show(await (await fetch("/openapi.json")).json());
} catch (error) {
  find("state").textContent = `The contract could not be read: ${error}`;
}
