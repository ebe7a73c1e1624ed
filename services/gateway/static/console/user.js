// The page of one user.

import { button, make, moment, say, show } from "./dom.js";
import { eventsPart } from "./events.js";
import { badge, confirmed, idOf, initials, kindOf, loading, nameOf, problemBox } from "./parts.js";
import { editPart } from "./profile.js";
import { rolesPart } from "./roles.js";
import { answerTo } from "./session.js";
import { sessionsPart } from "./sessions.js";

export async function userPage(changes, id) {
  show("User", back(), loading());
  const page = { name: `users/${id}`, user: null, etag: "", changes, own: 0 };
  // Another page has listeners of its own: what is answered late must not be drawn over it.
  const own = changes.heard;
  page.isShown = () => changes.heard === own;
  page.read = async () => {
    const answer = await answerTo("GET", `/v1/${page.name}`);
    page.etag = answer.headers.get("etag") || "";
    page.user = await answer.json();
    page.name = page.user.name;
  };
  page.act = (done, call) => act(page, done, call);
  page.draw = () => draw(page);
  try {
    await page.read();
  } catch (problem) {
    if (page.isShown()) show("User", back(), problemBox(problem, () => userPage(changes, id)));
    return;
  }
  if (!page.isShown()) return;
  draw(page);
  changes.listen((message) => changed(page, message));
}

// Somebody changed what is shown: it is read anew, unless something is entered, which is not thrown away.
async function changed(page, message) {
  if (message && message.event?.name.split("/")[1] !== idOf(page.name)) return;
  if (page.isBusy) return;
  const isEntered = () => page.form?.open || page.hasUnsavedRoles?.();
  const tell = () => { page.notice.textContent = "This user was changed meanwhile. Saving will say so."; };
  if (isEntered()) return tell();
  const { user, etag } = page;
  try {
    await page.read();
    // Begun while this was read: what is entered belongs to what was shown, whose version is compared.
    const read = { user: page.user, etag: page.etag };
    Object.assign(page, { user, etag });
    if (isEntered()) return tell();
    Object.assign(page, read);
    draw(page, { quietly: true });
  } catch (problem) {
    if (problem.status === 404 && page.isShown()) show("User", back(), problemBox(problem));
  }
}

const back = () => make("p", {}, make("a", { className: "back", href: "#/users", textContent: "All users" }));

function draw(page, { quietly = false } = {}) {
  if (!page.isShown()) return;
  const { user } = page;
  const focused = quietly ? document.activeElement?.dataset?.act : null;
  page.notice = make("p", { className: "note", role: "status" });
  page.problems = make("div");
  const head = make("div", { className: "head" }, initials(user),
    make("div", {}, make("p", { className: "mail", textContent: user.email }),
      make("p", { className: "quiet" }, badge(user), ` ${kindOf(user)}, since `, moment(user.createTime))));
  const place = scrollY;
  const heading = show(nameOf(user), back(), head, actions(page), page.notice, page.problems,
    make("div", { className: "columns" }, editPart(page), rolesPart(page)),
    sessionsPart(page), eventsPart(page));
  if (!quietly) return;
  scrollTo(0, place);
  const again = focused && document.querySelector(`[data-act="${CSS.escape(focused)}"]`);
  (again || heading).focus({ preventScroll: true });
}

function actions(page) {
  const { user } = page;
  const custom = (verb) => answerTo("POST", `/v1/${page.name}:${verb}`, { body: {} });
  const restore = () => answerTo("POST", `/v1/${page.name}:undelete`, { body: {}, etag: page.etag });
  const remove = () => answerTo("DELETE", `/v1/${page.name}`, { etag: page.etag });
  const offered = [];
  const offer = (text, done, call, question = null) => {
    const run = async () => {
      if (question && !await confirmed(`${text} this user?`, question, text)) return;
      page.act(done, call);
    };
    const element = button(text, run, question ? "danger" : "");
    element.dataset.act = text;
    offered.push(element);
  };
  if (user.deleteTime) {
    offer("Undelete", "The user is restored.", restore);
  } else {
    if (user.state !== "ACTIVE") offer("Activate", "The user can sign in again.", () => custom("activate"));
    if (user.state !== "INACTIVE") {
      offer("Deactivate", "The user is locked.", () => custom("deactivate"),
        "The user cannot sign in until activated again. All sessions end at once.");
    }
    offer("Delete", "The user is deleted.", remove,
      "The user can be restored for 30 days; then the account is removed for good. All sessions end at once.");
  }
  return make("div", { className: "buttons", role: "group", "aria-label": "What can be done" }, ...offered);
}

// Changes something, reads what is there then, and shows it. Somebody else's change in between (412) is told,
// and the new state shown, so that the next attempt is made with open eyes.
async function act(page, done, call) {
  let failure = null;
  page.isBusy = true;
  try {
    await call();
  } catch (problem) {
    failure = problem;
  }
  try {
    if (!failure || failure.status === 412 || failure.status === 409) await page.read();
  } catch (problem) {
    failure ??= problem;
  }
  page.isBusy = false;
  if (failure && failure.status !== 412 && failure.status !== 409) {
    page.problems.replaceChildren(problemBox(failure));
    return false;
  }
  draw(page, { quietly: true });
  if (!failure) { say(done); return true; }
  if (failure.status === 412) {
    failure.message = "Somebody else changed this user meanwhile, so nothing was done. "
      + "What is shown now is the new state: look at it, and try again.";
  }
  page.problems.replaceChildren(problemBox(failure));
  return false;
}
