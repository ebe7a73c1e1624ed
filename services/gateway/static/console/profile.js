// What a user says of themselves, and the form that changes it.

import { button, field, make, moment } from "./dom.js";
import { answerTo } from "./session.js";

// Paths of the JSON of a user, with what they are called and how long they may be.
const ARTISAN = [["artisan.storeName", "Shop", 255], ["artisan.bio", "About", 1000], ["artisan.phone", "Telephone", 20]];
const BUYER = [["buyer.fullName", "Full name", 255], ["buyer.phone", "Telephone", 20]];
const ADDRESS = [
  ["address.street", "Street", 255], ["address.number", "Number", 20], ["address.complement", "Complement", 100],
  ["address.neighborhood", "Neighborhood", 100], ["address.city", "City", 100], ["address.state", "State", 2],
  ["address.zipCode", "Postal code", 10], ["address.country", "Country", 100],
];
const SHOP = { ACTIVE: "Open", PENDING: "Waits for approval", SUSPENDED: "Closed by an administrator" };

const read = (user, path) => path.split(".").reduce((at, key) => at?.[key], user) ?? "";

function write(user, path, value) {
  const [part, key] = path.split(".");
  (user[part] ??= {})[key] = value;
}

const fieldsOf = (user) =>
  [...(user.artisan ? ARTISAN : []), ...(user.buyer ? BUYER : []), ...(user.address ? ADDRESS : [])];

function facts(user) {
  const list = make("dl", { className: "facts" });
  const add = (term, ...values) => list.append(make("div", {}, make("dt", { textContent: term }), make("dd", {}, ...values)));
  for (const [path, label] of fieldsOf(user)) if (read(user, path)) add(label, read(user, path));
  if (user.artisan) add("Shop's state", SHOP[user.artisan.state] || "Open");
  add("E-mail verified", user.emailVerified ? "Yes" : "Not yet");
  add("Changed", moment(user.updateTime));
  if (user.deleteTime) add("Deleted", moment(user.deleteTime));
  if (user.purgeTime) add("Removed for good", moment(user.purgeTime));
  add("Id", make("code", { textContent: user.uid }));
  return list;
}

function inputOf(path, label, longest, value) {
  const id = `edit-${path.replace(".", "-")}`;
  const tag = path === "artisan.bio" ? "textarea" : "input";
  return field(label, make(tag, { id, name: path, value, maxLength: longest, autocomplete: "off" }));
}

function shopState(user) {
  const options = Object.entries(SHOP).map(([value, textContent]) => make("option", { value, textContent }));
  const select = make("select", { id: "edit-artisan-state", name: "artisan.state" }, ...options);
  select.value = user.artisan.state || "ACTIVE";
  return field("Shop's state", select);
}

// Only what differs from what was read: the keys of the body are the mask of the change.
function differences(user, form) {
  const changed = {};
  for (const { name, value } of form.elements) {
    if (name && value !== (read(user, name) || (name === "artisan.state" ? "ACTIVE" : ""))) write(changed, name, value);
  }
  return changed;
}

function editForm(page, close) {
  const { user } = page;
  const form = make("form", { className: "edit", "aria-label": "Profile" },
    ...fieldsOf(user).map(([path, label, longest]) => inputOf(path, label, longest, read(user, path))),
    user.artisan ? shopState(user) : null,
    make("div", { className: "buttons" },
      make("button", { type: "submit", className: "primary", textContent: "Save" }), button("Cancel", close)));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const body = differences(user, form);
    if (Object.keys(body).length === 0) { close(); return; }
    page.act("The profile is saved.", () => answerTo("PATCH", `/v1/${page.name}`, { body, etag: page.etag }));
  });
  return form;
}

export function editPart(page) {
  const part = make("section", { className: "card", "aria-labelledby": "profile-title" });
  const title = make("h2", { id: "profile-title", textContent: "Profile" });
  const reading = () => {
    page.form = null;
    const edit = button("Edit", editing);
    edit.dataset.act = "Edit";
    const can = fieldsOf(page.user).length > 0 && !page.user.deleteTime;
    part.replaceChildren(make("div", { className: "title" }, title, can ? edit : ""), facts(page.user));
    return edit;
  };
  const editing = () => {
    page.form = { open: true };
    const form = editForm(page, () => reading().focus());
    part.replaceChildren(make("div", { className: "title" }, title), form);
    form.elements[0].focus();
  };
  reading();
  return part;
}
