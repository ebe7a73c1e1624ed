// The state of the database's schema.

import { button, make, show } from "./dom.js";
import { empty, loading, problemBox } from "./parts.js";
import { call } from "./session.js";

const versions = (list) => make("ul", { className: "versions" },
  ...list.toReversed().map((version) => make("li", {}, make("code", { textContent: version }))));

function part(title, list, nothing) {
  return make("section", { className: "card" },
    make("h2", { textContent: `${title} (${list.length})` }), list.length ? versions(list) : empty(nothing));
}

export async function schemaPage() {
  const here = location.hash;
  show("Schema", loading());
  try {
    const { head = "", applied = [], pending = [] } = await call("GET", "/v1/schema");
    if (location.hash !== here) return;
    const [text, kind] = pending.length
      ? [`${pending.length} pending: run migrate upgrade head`, "wait"] : ["Up to date", "good"];
    show("Schema",
      make("p", {}, make("span", { className: `badge ${kind}`, textContent: text }),
        " This program's newest revision is ", make("code", { textContent: head || "none" }), "."),
      make("div", { className: "columns" },
        part("Pending", pending, "Nothing waits to be applied."), part("Applied", applied, "Nothing is applied.")),
      make("div", { className: "buttons" }, button("Read anew", schemaPage)));
  } catch (problem) {
    if (location.hash === here) show("Schema", problemBox(problem, schemaPage));
  }
}
