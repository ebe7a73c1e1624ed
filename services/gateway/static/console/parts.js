// Pieces that several pages have.

import { button, make } from "./dom.js";

const STATES = {
  ACTIVE: ["Active", "good"], INACTIVE: ["Inactive", "bad"], PENDING: ["Pending", "wait"],
};

export function badge(user) {
  const [text, kind] = user.deleteTime ? ["Deleted", "bad"] : STATES[user.state] || [user.state || "Unknown", "wait"];
  return make("span", { className: `badge ${kind}`, textContent: text });
}

export const kindOf = (user) => (user.artisan ? "Artisan" : user.buyer ? "Buyer" : "No profile");

export const nameOf = (user) => user.artisan?.storeName || user.buyer?.fullName || user.email;

export const idOf = (name) => name.split("/")[1];

export const isAdmin = (user) => user.roles?.includes("ADMIN") || false;

// The first letters of a name, as a picture for eyes only.
export function initials(user) {
  const letters = nameOf(user).trim().split(/\s+/).slice(0, 2).map((word) => Array.from(word)[0] || "");
  return make("span", { className: "initials", "aria-hidden": "true", textContent: letters.join("").toUpperCase() });
}

// What went wrong, and what the server said about each field.
export function problemBox(problem, again = null) {
  const box = make("div", { className: "problem", role: "alert" },
    make("p", { className: "problem-text", textContent: problem.message }));
  if (problem.errors?.length) {
    box.append(make("ul", {}, ...problem.errors.map(({ field, description }) =>
      make("li", {}, make("code", { textContent: field }), ` ${description}`))));
  }
  if (problem.retryAfter) box.append(make("p", { textContent: `Try again in ${problem.retryAfter} seconds.` }));
  const signs = [problem.reason, problem.requestId && `request ${problem.requestId}`].filter(Boolean).join(" · ");
  if (signs) box.append(make("p", { className: "hint", textContent: signs }));
  if (again) box.append(button("Try again", again));
  return box;
}

export const loading = () => make("p", { className: "quiet loading", role: "status", textContent: "Loading …" });

export const empty = (text) => make("p", { className: "empty", textContent: text });

// Asks before what cannot be taken back; resolves to whether it may be done.
export function confirmed(title, text, yes) {
  const dialog = make("dialog", { className: "dialog", "aria-labelledby": "dialog-title" });
  const answer = new Promise((resolve) => dialog.addEventListener("close", () => {
    dialog.remove();
    resolve(dialog.returnValue === "yes");
  }));
  dialog.append(
    make("h2", { id: "dialog-title", textContent: title }),
    make("p", { textContent: text }),
    make("div", { className: "buttons" },
      button("Cancel", () => dialog.close("")),
      button(yes, () => dialog.close("yes"), "danger")));
  document.body.append(dialog);
  dialog.showModal();
  return answer;
}

// A row whose cells say on a phone what column they are of.
export const row = (labels, cells) =>
  make("tr", { role: "row" }, ...cells.map((cell, at) =>
    make("td", { role: "cell", "data-label": labels[at] }, cell)));

export function table(caption, labels, rows) {
  const head = make("tr", { role: "row" },
    ...labels.map((label) => make("th", { role: "columnheader", scope: "col", textContent: label })));
  return make("table", { role: "table" },
    make("caption", { className: "unseen", textContent: caption }),
    make("thead", { role: "rowgroup" }, head),
    make("tbody", { role: "rowgroup" }, ...rows));
}
