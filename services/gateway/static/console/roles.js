// What a user may do.

import { make } from "./dom.js";
import { confirmed, isAdmin } from "./parts.js";
import { answerTo } from "./session.js";

const ROLES = [["ADMIN", "Administrator", "Reads and changes every account."]];

const hasRole = (user, role) => user.roles?.includes(role) || false;

export function rolesPart(page) {
  const boxes = ROLES.map(([role, label, hint]) => {
    const input = make("input", { type: "checkbox", id: `role-${role}`, name: role, checked: hasRole(page.user, role) });
    input.setAttribute("aria-describedby", `role-${role}-hint`);
    return make("div", {}, make("label", { className: "check", htmlFor: input.id }, input, label),
      make("p", { className: "hint", id: `role-${role}-hint`, textContent: hint }));
  });
  const save = make("button", { type: "submit", textContent: "Set roles" });
  save.dataset.act = "Set roles";
  const form = make("form", { "aria-labelledby": "roles-title" }, ...boxes,
    make("p", { className: "hint", textContent: "Other roles end the user's sessions." }), save);
  for (const element of form.elements) element.disabled = Boolean(page.user.deleteTime);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const roles = ROLES.map(([role]) => role).filter((role) => form.elements[role].checked);
    const gains = roles.includes("ADMIN") && !isAdmin(page.user);
    if (gains && !await confirmed("Make this user an administrator?", "Administrators read and change every account.", "Make administrator")) return;
    page.act("The roles are set.", () => answerTo("POST", `/v1/${page.name}:setRoles`, { body: { roles } }));
  });
  page.hasUnsavedRoles = () => ROLES.some(([role]) => form.elements[role].checked !== hasRole(page.user, role));
  return make("section", { className: "card", "aria-labelledby": "roles-title" },
    make("h2", { id: "roles-title", textContent: "Roles" }), form);
}
