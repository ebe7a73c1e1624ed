// Makes elements. Text is only ever set as text: what users wrote is never read as HTML.

export const find = (id) => document.getElementById(id);

// An element with properties (`textContent`, `className` …), attributes (`aria-…`, `role`) and children.
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const button = (text, act, className = "") => {
  const element = make("button", { type: "button", textContent: text, className });
  element.addEventListener("click", act);
  return element;
};

const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

// A moment as people write it, and as programs do.
export function moment(text) {
  if (!text) return make("span", { className: "quiet", textContent: "–" });
  return make("time", { dateTime: text, title: text, textContent: DATE.format(new Date(text)) });
}

// A labelled field; `input` has an id.
export const field = (label, input, hint = null) =>
  make("div", { className: "field" },
    make("label", { htmlFor: input.id, textContent: label }), input,
    hint && make("p", { className: "hint", id: `${input.id}-hint`, textContent: hint }));

// Says something that does not need the focus, to eyes and to screen readers.
let silence = 0;
export function say(text) {
  const place = find("said");
  place.textContent = text;
  place.classList.add("shown");
  clearTimeout(silence);
  silence = setTimeout(() => { place.classList.remove("shown"); place.textContent = ""; }, 6000);
}

// Shows a page: its title in the window, its heading focused, so that a screen reader begins there.
export function show(title, ...children) {
  const heading = make("h1", { tabIndex: -1, textContent: title });
  document.title = `${title} · Console`;
  find("main").replaceChildren(heading, ...children.filter(Boolean));
  heading.focus({ preventScroll: true });
  scrollTo(0, 0);
  return heading;
}
