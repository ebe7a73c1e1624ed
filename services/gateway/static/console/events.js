// What happened to a user.

import { make, moment } from "./dom.js";
import { growing } from "./pages.js";
import { idOf, row } from "./parts.js";

const COLUMNS = ["When", "What", "By", "Fields"];

// Who did it, with a way to them.
export function actor(event) {
  if (!event.actor) return make("span", { className: "quiet", textContent: "nobody signed in" });
  const id = idOf(event.actor);
  return make("a", { href: `#/users/${id}` }, make("code", { textContent: id.slice(-12), title: id }));
}

export const what = (event) => make("code", { textContent: event.type });

export function eventsPart(page) {
  return make("section", { className: "card", "aria-labelledby": "events-title" },
    make("h2", { id: "events-title", textContent: "Events" }),
    growing({
      path: `/v1/${page.name}/events`, items: "userEvents", caption: "Events, newest first", columns: COLUMNS,
      nothing: "Nothing has happened yet.",
      rows: (events) => events.map((event) => row(COLUMNS, [
        moment(event.createTime), what(event), actor(event),
        make("span", { className: "quiet", textContent: (event.changedFields || []).join(", ") || "–" })])),
    }));
}
