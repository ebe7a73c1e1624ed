// The filter (AIP-160) that a search stands for.

// Where a text is looked for: indexes begin at the first letter, and so does the search.
const SEARCHED = ["email", "artisan.store_name", "buyer.full_name", "address.city"];

// Control characters are in no value that is stored.
const plain = (text) => text.replace(/\p{Cc}/gu, "");

// A text as a quoted value. Quotation marks, backslashes and stars stand for themselves.
export const quoted = (text) => `"${plain(text).replace(/["\\*]/g, "\\$&")}"`;

const beginsWith = (path, text) => `${path} = ${quoted(text).slice(0, -1)}*"`;

export function filterOf({ text = "", state = "", kind = "", admins = false } = {}) {
  const parts = [];
  const wanted = plain(text).trim();
  if (wanted) parts.push(`(${SEARCHED.map((path) => beginsWith(path, wanted)).join(" OR ")})`);
  if (state) parts.push(`state = ${state}`);
  if (kind) parts.push(`profile = ${kind}`);
  if (admins) parts.push("roles:ADMIN");
  return parts.join(" AND ");
}

// The id in a text that is one, or the name of a user.
export function idIn(text) {
  const found = /^(?:users\/)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.exec(text.trim());
  return found ? found[1].toLowerCase() : null;
}
