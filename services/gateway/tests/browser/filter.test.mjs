// The filter that a search stands for, read back by the service.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { filterOf, idIn, quoted } from "../../static/console/filter.js";
import { administrator, browser } from "./browser.mjs";

after(() => browser.close());

test("a value is quoted so that every character stands for itself", () => {
  assert.equal(quoted('a "b" \\ *'), '"a \\"b\\" \\\\ \\*"');
  assert.equal(quoted("a\u0000b\nc\u007f"), '"abc"');
});

test("what is not asked for is not in the filter", () => {
  assert.equal(filterOf({}), "");
  assert.equal(filterOf({ text: " \u0000 ", state: "ACTIVE", kind: "buyer", admins: true }), "state = ACTIVE AND profile = buyer AND roles:ADMIN");
});

test("an id is known by its form", () => {
  const id = "01996f6e-8c54-7cc1-9d4e-6a0f5b1c2d3e";
  for (const text of [id, ` users/${id.toUpperCase()} `]) assert.equal(idIn(text), id);
  for (const text of ["", "ana", `x${id}`, `${id}/sessions`]) assert.equal(idIn(text), null);
});

test("the service takes whatever is searched for, and finds no more by it", async () => {
  const { call } = await administrator();
  const odd = ['"', "\\", '\\"', "*", "**", "a*b", "\\*", "'", "(", ")", " OR ", "AND", "-", "=", "a\u0000", "é", "\u{1f600}", "x".repeat(320)];
  for (const text of [...odd, ...odd.map((piece) => `none${piece}`)]) {
    const query = new URLSearchParams({ filter: filterOf({ text, state: "ACTIVE", kind: "artisan", admins: true }) });
    const page = await call("GET", `/v1/users?${query}`);
    assert.deepEqual(page.users ?? [], [], text);
  }
});
