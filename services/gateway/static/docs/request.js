// A request that was filled in: its address, its curl line, and sending it.

const SHOWN = ["etag", "location", "retry-after", "ratelimit", "x-request-id"];

// `values` are pairs of a parameter and what was filled in for it.
export function address(path, values) {
  const query = new URLSearchParams();
  for (const { parameter, value } of values) {
    if (parameter.in === "path") {
      path = path.replace(`{${parameter.name}}`, encodeURIComponent(value));
    } else if (parameter.in === "query" && value !== "") {
      const isList = parameter.schema?.type === "array";
      for (const one of isList ? value.split(",") : [value]) query.append(parameter.name, one.trim());
    }
  }
  return query.size ? `${path}?${query}` : path;
}

export function headersOf(values, { token, body, isStream }) {
  const headers = {};
  if (token) headers.authorization = `Bearer ${token}`;
  if (body) headers["content-type"] = "application/json";
  if (isStream) headers.accept = "application/x-ndjson";
  for (const { parameter, value } of values) {
    if (parameter.in === "header" && value) headers[parameter.name.toLowerCase()] = value;
  }
  return headers;
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

// The same for a shell. The token stays out of it: it would end in a history file.
export function curl(verb, url, headers, body) {
  const parts = ["curl", ...(verb === "GET" ? [] : ["-X", verb]), quoted(location.origin + url)];
  for (const [name, value] of Object.entries(headers)) {
    parts.push("-H", name === "authorization" ? '"authorization: Bearer $TOKEN"' : quoted(`${name}: ${value}`));
  }
  if (body) parts.push("-d", quoted(body));
  return parts.join(" ");
}

// Sends it; `show` gets the text as it grows.
export async function send(verb, url, headers, body, signal, show) {
  const began = performance.now();
  const first = `${verb} ${url}`;
  show(`${first}\n…`);
  try {
    const answer = await fetch(url, { method: verb, headers, body: body || undefined, signal, credentials: "omit" });
    const told = SHOWN.filter((name) => answer.headers.has(name)).map((name) => `${name}: ${answer.headers.get(name)}`);
    const head = [first, `${answer.status} ${answer.statusText} (${Math.round(performance.now() - began)} ms)`, ...told, "", ""].join("\n");
    let text = "";
    show(head);
    for await (const piece of pieces(answer)) show(head + (text += piece));
    try { show(head + JSON.stringify(JSON.parse(text), null, 2)); } catch { /* not one JSON value: shown as it is */ }
  } catch (error) {
    show(`${first}\n${error.name === "AbortError" ? "Stopped." : error}`);
  }
}

async function* pieces(answer) {
  if (!answer.body) return;
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}
