// The page before all others.

import { field, find, make, show } from "./dom.js";
import { problemBox } from "./parts.js";
import { signIn } from "./session.js";

// `done` gets the administrator.
export function signInPage(done, note = "") {
  find("bar").hidden = true;
  const email = make("input", {
    id: "email", type: "email", required: true, autocomplete: "username", maxLength: 320, spellcheck: false,
  });
  const password = make("input", {
    id: "password", type: "password", required: true, autocomplete: "current-password", maxLength: 64,
  });
  const send = make("button", { type: "submit", className: "primary", textContent: "Sign in" });
  const problems = make("div");
  const form = make("form", { className: "card sign-in", "aria-labelledby": "sign-in-title" },
    make("h2", { id: "sign-in-title", textContent: "Sign in" }),
    make("p", { className: "quiet", textContent: "For administrators of accounts." }),
    field("E-mail address", email), field("Password", password), problems, send,
    make("p", { className: "hint", textContent: "Closing or reloading this page signs you out." }));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    problems.replaceChildren();
    try {
      const administrator = await signIn(email.value.trim(), password.value);
      password.value = "";
      done(administrator);
    } catch (problem) {
      problems.replaceChildren(problemBox(problem));
      password.select();
      password.focus();
    } finally {
      send.disabled = false;
    }
  });
  show("Console", note ? make("p", { className: "note", role: "status", textContent: note }) : null, form);
  email.focus();
}
