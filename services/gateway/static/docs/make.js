// Makes elements. Everything that comes from the contract or from an answer is written as text, never as HTML.

export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

// Words, with what stands between backticks as code.
export const texts = (text) => text.split("`").map((part, at) =>
  (at % 2 ? make("code", { textContent: part }) : document.createTextNode(part)));

export const paragraphs = (text) => (text || "").split("\n\n").filter(Boolean).map((part) => make("p", {}, ...texts(part)));
