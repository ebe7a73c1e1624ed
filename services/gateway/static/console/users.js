// The list of users: searched, and read a page at a time.

import { button, field, make, moment, say, show } from "./dom.js";
import { filterOf, idIn } from "./filter.js";
import { badge, empty, idOf, initials, isAdmin, kindOf, loading, nameOf, problemBox, row, table } from "./parts.js";
import { call } from "./session.js";

const PAGE = 20;
const COLUMNS = ["User", "Kind", "State", "Since"];

// Kept while another page is shown. `pages` holds the tokens that lead to the pages before.
const state = { text: "", state: "", kind: "", admins: false, deleted: false, pages: [""], next: "" };

const option = (value, textContent) => make("option", { value, textContent });

function choice(id, label, value, options) {
  const input = make("select", { id }, ...options.map((pair) => option(...pair)));
  input.value = value;
  return field(label, input);
}

function check(id, label, checked) {
  const input = make("input", { id, type: "checkbox", checked });
  return make("label", { className: "check", htmlFor: id }, input, label);
}

function searchForm(search) {
  const text = make("input", {
    id: "text", type: "search", value: state.text, maxLength: 320, autocomplete: "off", spellcheck: false,
    placeholder: "E-mail, name, shop, city or id",
  });
  const form = make("form", { className: "search", role: "search", "aria-label": "Users" },
    field("Search", text),
    choice("state", "State", state.state,
      [["", "Any"], ["ACTIVE", "Active"], ["INACTIVE", "Inactive"], ["PENDING", "Pending"]]),
    choice("kind", "Kind", state.kind, [["", "Any"], ["artisan", "Artisans"], ["buyer", "Buyers"]]),
    make("div", { className: "checks" },
      check("admins", "Administrators only", state.admins), check("deleted", "Deleted too", state.deleted)),
    make("button", { type: "submit", className: "primary", textContent: "Search" }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const id = idIn(text.value);
    if (id) { location.hash = `#/users/${id}`; return; }
    const value = (name) => form.elements[name];
    Object.assign(state, {
      text: text.value, state: value("state").value, kind: value("kind").value,
      admins: value("admins").checked, deleted: value("deleted").checked, pages: [""],
    });
    search();
  });
  return form;
}

function person(user) {
  return make("a", { className: "person", href: `#/users/${idOf(user.name)}` },
    initials(user),
    make("span", { className: "names" },
      make("span", { className: "name", textContent: nameOf(user) }),
      make("span", { className: "quiet", textContent: user.email })));
}

const userRow = (user) => row(COLUMNS, [
  person(user),
  make("span", { textContent: kindOf(user) + (isAdmin(user) ? ", administrator" : "") }),
  badge(user), moment(user.createTime)]);

export function usersPage(changes) {
  const results = make("section", { "aria-label": "Results" });
  const stale = make("div", { className: "stale", role: "status" });
  const read = async ({ focus = false } = {}) => {
    stale.replaceChildren();
    results.replaceChildren(loading());
    const wanted = state.pages.join();
    try {
      const page = await call("GET", "/v1/users", { query: {
        pageSize: PAGE, pageToken: state.pages.at(-1), filter: filterOf(state), orderBy: "create_time desc",
        showDeleted: state.deleted,
      } });
      if (wanted !== state.pages.join()) return;
      state.next = page.nextPageToken || "";
      results.replaceChildren(...listed(page.users || [], read));
      if (focus) results.querySelector("a, .empty")?.focus();
    } catch (problem) {
      results.replaceChildren(problemBox(problem, () => read({ focus: true })));
    }
  };
  const search = async () => { await read(); say(results.querySelector("caption")?.textContent || "No users found"); };
  show("Users", searchForm(search), stale, results);
  let count = 0;
  changes.listen(() => {
    count += 1;
    const text = count === 1 ? "One change since this list was read" : `${count} changes since this list was read`;
    stale.replaceChildren(make("span", { textContent: text }),
      button("Read anew", () => { count = 0; read({ focus: true }); }));
  });
  return read();
}

function listed(users, read) {
  const number = state.pages.length;
  const turn = (change) => () => { change(); read({ focus: true }); };
  const before = button("Newer", turn(() => state.pages.pop()));
  const after = button("Older", turn(() => state.pages.push(state.next)));
  before.disabled = number === 1;
  after.disabled = !state.next;
  const pager = make("nav", { className: "pager", "aria-label": "Pages of the list" },
    before, make("span", { textContent: `Page ${number}` }), after);
  if (users.length === 0) return [empty("No user is like that."), number > 1 ? pager : null].filter(Boolean);
  const caption = `${users.length} ${users.length === 1 ? "user" : "users"} on page ${number}`;
  return [table(caption, COLUMNS, users.map(userRow)), pager];
}
