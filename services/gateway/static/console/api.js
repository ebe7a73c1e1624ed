// Calls of the API of this server. What fails is a `Problem` (RFC 9457).

// A detail has no capital and no full stop, for it may stand behind other words.
const sentence = (text) => text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase()).replace(/[^.!?…]$/u, "$&.");

export class Problem extends Error {
  constructor(content) {
    super(sentence(content.detail || content.title || "The request failed."));
    this.status = content.status || 0;
    this.reason = content.reason || "";
    this.errors = Array.isArray(content.errors) ? content.errors : [];
    this.requestId = content.request_id || "";
    this.retryAfter = content.retryAfter || "";
  }
}

async function problemOf(answer) {
  const retryAfter = answer.headers.get("retry-after") || "";
  try {
    return new Problem({ ...(await answer.json()), retryAfter });
  } catch {
    return new Problem({ status: answer.status, title: `The server answered ${answer.status}.`, retryAfter });
  }
}

// The answer of a request that succeeded. The token stands in a header and nowhere else.
export async function open(method, path, { token, query = {}, body, etag, accept, signal, keepalive } = {}) {
  const headers = { accept: accept || "application/json, application/problem+json" };
  if (token) headers.authorization = `Bearer ${token}`;
  if (etag) headers["if-match"] = etag;
  if (body !== undefined) headers["content-type"] = "application/json";
  const parameters = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "" && value !== false));
  const address = parameters.size ? `${path}?${parameters}` : path;
  let answer;
  try {
    answer = await fetch(address, {
      method, headers, signal, keepalive, body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "omit", cache: "no-store", redirect: "error",
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem({ title: "The server cannot be reached.", reason: "UNREACHABLE" });
  }
  if (!answer.ok) throw await problemOf(answer);
  return answer;
}
