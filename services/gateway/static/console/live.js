// What happens now, as it is committed.

import { make, moment, show } from "./dom.js";
import { actor, what } from "./events.js";
import { empty, idOf, nameOf, row, table } from "./parts.js";

const COLUMNS = ["When", "What", "To whom", "By"];
// What came while this page was not shown is kept too, up to here.
const MOST = 200;
const kept = [];

const STATES = {
  connected: "Connected. What happens appears here.",
  waiting: "The connection broke off. Trying again …",
  ended: "The server ended the stream: you may no longer watch.",
  "": "Connecting …",
};

function rowOf({ event, user }) {
  const id = idOf(event.name);
  const link = make("a", { href: `#/users/${id}`, textContent: user ? nameOf(user) : id });
  return row(COLUMNS, [moment(event.createTime), what(event), link, actor(event)]);
}

export function keep(message) {
  if (!message) return;
  kept.unshift(message);
  kept.length = Math.min(kept.length, MOST);
}

export function livePage(changes) {
  const status = make("p", { className: "note", role: "status" });
  const list = make("section", { "aria-label": "Changes" });
  const draw = () => list.replaceChildren(kept.length
    ? table("Changes, newest first", COLUMNS, kept.map(rowOf)) : empty("Nothing has happened since you signed in."));
  const tell = () => { status.textContent = STATES[changes.state]; status.dataset.state = changes.state; };
  show("Live", status, list);
  tell();
  draw();
  changes.listen(draw);
  changes.listenToState(tell);
}
