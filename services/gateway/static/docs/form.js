// The form of one operation.

import { make, texts } from "./make.js";
import { address, curl, headersOf, send } from "./request.js";
import { example, resolve, typeOf } from "./schema.js";

function inputFor(contract, parameter) {
  const schema = resolve(contract, parameter.schema);
  if (schema.type === "boolean") {
    return make("select", {}, ...["", "true", "false"].map((value) => make("option", { value, textContent: value || "not given" })));
  }
  const shown = schema.examples?.[0] ?? schema.default ?? "";
  return make("input", { type: "text", autocomplete: "off", spellcheck: false, placeholder: String(shown) });
}

function parameterField(contract, prefix, parameter) {
  const input = inputFor(contract, parameter);
  input.id = `${prefix}-${parameter.in}-${parameter.name}`;
  input.required = parameter.in === "path";
  if (parameter.in === "path") input.value = (parameter.schema.anyOf || []).find((one) => one.const)?.const || "";
  const hint = make("p", { className: "quiet hint", id: `${input.id}-hint` },
    ...texts(`${parameter.in}, ${typeOf(contract, parameter.schema)}. ${parameter.description || ""}`));
  input.setAttribute("aria-describedby", hint.id);
  const label = make("label", { htmlFor: input.id, textContent: parameter.name + (input.required ? " (required)" : "") });
  return { input, element: make("div", { className: "field" }, label, input, hint) };
}

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Select it and copy";
  }
  setTimeout(() => { button.textContent = "Copy"; }, 2000);
}

export function formOf(contract, prefix, { verb, path, parameters, operation, tokenInput }) {
  const fields = parameters.map((parameter) => ({ parameter, ...parameterField(contract, prefix, parameter) }));
  const element = make("form", { noValidate: false }, ...fields.map((field) => field.element));
  const content = resolve(contract, operation.requestBody).content?.["application/json"];
  const body = content ? make("textarea", { id: `${prefix}-body`, spellcheck: false }) : null;
  if (body) {
    body.value = JSON.stringify(example(contract, content.schema), null, 2);
    element.append(make("div", { className: "field" }, make("label", { htmlFor: body.id, textContent: "Body" }), body));
  }
  const isPublic = operation.security?.length === 0;
  const isStream = Boolean(operation.responses["200"]?.content?.["application/x-ndjson"]);
  const request = () => {
    const values = fields.map(({ parameter, input }) => ({ parameter, value: input.value }));
    const text = body?.value.trim() || "";
    const token = isPublic ? "" : tokenInput.value.trim();
    return { url: address(path, values), text, headers: headersOf(values, { token, body: text, isStream }) };
  };

  const line = make("code");
  const shown = () => {
    const { url, text, headers } = request();
    line.textContent = curl(verb, url, isPublic ? headers : { ...headers, authorization: "" }, text);
  };
  shown();
  element.addEventListener("input", shown);
  const copying = make("button", { type: "button", textContent: "Copy" });
  copying.addEventListener("click", () => copy(line.textContent, copying));
  const output = make("pre", { hidden: true, tabIndex: 0, role: "region", "aria-label": "Answer", "aria-live": "polite" });
  const stop = make("button", { type: "button", textContent: "Stop", hidden: true });
  const sending = make("button", { type: "submit", className: "primary", textContent: "Send" });
  element.append(
    make("div", { className: "line" }, make("pre", { tabIndex: 0, role: "region", "aria-label": "The same with curl" }, line), copying),
    make("div", { className: "buttons" }, sending, stop), output);
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { url, text, headers } = request();
    const controller = new AbortController();
    stop.onclick = () => controller.abort();
    [output.hidden, stop.hidden, sending.disabled] = [false, !isStream, true];
    await send(verb, url, headers, text, controller.signal, (shownText) => { output.textContent = shownText; });
    [stop.hidden, sending.disabled] = [true, false];
  });
  return element;
}
