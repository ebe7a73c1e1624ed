// Puts the console together: who is signed in, which page is shown, who hears of changes.

import { find, make, say } from "./dom.js";
import { keep, livePage } from "./live.js";
import { nameOf } from "./parts.js";
import { schemaPage } from "./schema.js";
import { isSignedIn, signOut, whenEnded } from "./session.js";
import { signInPage } from "./sign_in.js";
import { userPage } from "./user.js";
import { usersPage } from "./users.js";
import { watch } from "./watch.js";

const PAGES = [["#/users", "Users"], ["#/live", "Live"], ["#/schema", "Schema"]];

// What the pages hear of the stream. A page listens until another one is shown.
const changes = {
  state: "", heard: [], told: [],
  listen(act) { this.heard.push(act); },
  listenToState(act) { this.told.push(act); },
};
let watching = null;

function follow() {
  watching = new AbortController();
  watch({
    signal: watching.signal,
    change: (message) => { keep(message); for (const act of [...changes.heard]) act(message); },
    state: (state) => { changes.state = state; for (const act of [...changes.told]) act(); },
  });
}

function pageOf(hash) {
  const user = /^#\/users\/([0-9a-z-]+)$/i.exec(hash);
  if (user) return () => userPage(changes, user[1]);
  if (hash === "#/live") return () => livePage(changes);
  if (hash === "#/schema") return () => schemaPage();
  return () => usersPage(changes);
}

function route() {
  if (!isSignedIn()) return;
  changes.heard = [];
  changes.told = [];
  find("pages").replaceChildren(...PAGES.map(([href, textContent]) => {
    const link = make("a", { href, textContent });
    if ((location.hash || "#/users").startsWith(href)) link.setAttribute("aria-current", "page");
    return link;
  }));
  pageOf(location.hash)();
}

function enter(administrator) {
  find("who").textContent = nameOf(administrator);
  find("bar").hidden = false;
  follow();
  route();
}

function leave(note) {
  watching?.abort();
  watching = null;
  changes.heard = [];
  changes.told = [];
  signInPage(enter, note);
}

whenEnded(() => leave("Your session has ended. Please sign in again."));
find("sign-out").addEventListener("click", async () => {
  await signOut();
  leave("You are signed out.");
});
addEventListener("hashchange", route);
addEventListener("pagehide", (event) => { if (!event.persisted) signOut(); });
addEventListener("unhandledrejection", () => say("Something went wrong in this page."));
signInPage(enter);
