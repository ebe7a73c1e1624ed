// Where a user is signed in.

import { button, make, moment } from "./dom.js";
import { growing } from "./pages.js";
import { confirmed, row } from "./parts.js";
import { answerTo } from "./session.js";

const COLUMNS = ["Signed in", "Last used", "Ends", "State"];

function end(page, session) {
  if (session.revokeTime) return make("span", { className: "badge bad", textContent: "Revoked" });
  if (Date.parse(session.expireTime) < Date.now()) return make("span", { className: "badge wait", textContent: "Expired" });
  const revoke = button("Revoke", () => page.act("The session is revoked.", () => answerTo("DELETE", `/v1/${session.name}`)));
  revoke.dataset.act = session.name;
  return revoke;
}

export function sessionsPart(page) {
  const all = button("Revoke all", async () => {
    if (!await confirmed("Revoke all sessions?", "The user is signed out everywhere at once.", "Revoke all")) return;
    page.act("All sessions are revoked.", () => answerTo("POST", `/v1/${page.name}/sessions:revokeAll`, { body: {} }));
  });
  all.dataset.act = "Revoke all";
  return make("section", { className: "card", "aria-labelledby": "sessions-title" },
    make("div", { className: "title" }, make("h2", { id: "sessions-title", textContent: "Sessions" }), all),
    growing({
      path: `/v1/${page.name}/sessions`, items: "sessions", caption: "Sessions, newest first", columns: COLUMNS,
      nothing: "The user has not signed in of late.",
      rows: (sessions) => sessions.map((session) => row(COLUMNS, [
        moment(session.createTime), moment(session.refreshTime), moment(session.revokeTime || session.expireTime),
        end(page, session)])),
    }));
}
