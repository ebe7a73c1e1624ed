// A list below a user that is read a page at a time, and grows.

import { button, make } from "./dom.js";
import { empty, loading, problemBox, table } from "./parts.js";
import { call } from "./session.js";

// `rows` makes the rows of a page; `nothing` is said where there is none.
export function growing({ path, items, caption, columns, rows, nothing }) {
  const place = make("div");
  let list = null;
  const more = async (pageToken, button_ = null) => {
    if (button_) button_.disabled = true; else place.replaceChildren(loading());
    try {
      const page = await call("GET", path, { query: { pageSize: 20, pageToken } });
      const found = rows(page[items] || []);
      place.querySelector(".more")?.remove();
      if (list) list.tBodies[0].append(...found);
      else if (found.length === 0) place.replaceChildren(empty(nothing));
      else place.replaceChildren(list = table(caption, columns, found));
      if (button_) { found[0]?.setAttribute("tabindex", "-1"); found[0]?.focus(); }
      if (page.nextPageToken) {
        const next = button("Show more", () => more(page.nextPageToken, next), "more");
        place.append(next);
      }
    } catch (problem) {
      place.querySelector(".more, .problem")?.remove();
      const box = problemBox(problem, () => { box.remove(); more(pageToken, list ? make("button") : null); });
      if (list) place.append(box); else place.replaceChildren(box);
    }
  };
  more("");
  return place;
}
