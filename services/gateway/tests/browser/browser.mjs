// A real Chromium before a running platform, which `cargo xtask web-check` starts and names:
// ARTISAN_URL, ARTISAN_PASSWORD (the first administrator's), CHROMIUM (the program), SCREENSHOTS (a folder, or none).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { chromium } from "playwright-core";

const given = (name) => {
  assert.ok(process.env[name], `${name} is not set: run cargo xtask web-check`);
  return process.env[name];
};

export const URL_ = given("ARTISAN_URL");
export const ADMIN = { email: "admin@artisan.localhost", password: given("ARTISAN_PASSWORD") };
export const SCHEMES = ["light", "dark"];
export const DESKTOP = { width: 1280, height: 900 };
export const PHONE = { width: 360, height: 740 };

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// The whole run shares one browser; each test has a context of its own.
export const browser = await chromium.launch({
  executablePath: given("CHROMIUM"),
  // As root, as in most containers, Chromium has no sandbox.
  args: process.getuid() === 0 ? ["--no-sandbox"] : [],
});

// Opens a page; whatever it logs as an error, throws, or does against its policy fails the test at `close`.
// `expected` are statuses whose failed requests Chromium logs by itself.
export async function open(path, { scheme = "light", size = DESKTOP, expected = [], origin = URL_ } = {}) {
  const context = await browser.newContext({ viewport: size, colorScheme: scheme, reducedMotion: "reduce" });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const complaints = [];
  const isExpected = (text) => expected.some((status) => text.includes(`status of ${status}`));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !isExpected(message.text())) complaints.push(message.text());
  });
  // Nothing is loaded from elsewhere, and no token stands in an address.
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith("data:")) complaints.push(`request to ${url}`);
    if (/eyJ|token=ey|password/i.test(url.replace(/resumeToken=[^&]*/, ""))) complaints.push(`secret in ${url}`);
  });
  await page.goto(origin + path);
  page.finish = async () => {
    const storage = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
    await context.close();
    assert.equal(storage, '[{},{},""]', "the page keeps something");
    assert.deepEqual(complaints, []);
  };
  return page;
}

// No violation of WCAG, and nothing that makes the page wider than the window.
export async function accessible(page, name) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  }));
  const violations = found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
  assert.deepEqual(violations, [], `axe on ${name}`);
  const [wide, window_] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(wide <= window_, `${name} is ${wide} wide in a window of ${window_}`);
  if (process.env.SCREENSHOTS) {
    await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`), fullPage: true });
  }
}

async function request(method, path, { token, body } = {}) {
  const headers = { "content-type": "application/json" };
  if (token) headers.authorization = `Bearer ${token}`;
  const answer = await fetch(URL_ + path, { method, headers, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${answer.ok ? "" : await answer.text()}`);
  return answer.json();
}

// What tests do behind the page's back, in the administrator's name.
export async function administrator() {
  const { tokens } = await request("POST", "/v1/sessions", { body: ADMIN });
  const call = (method, path, body) => request(method, path, { token: tokens.accessToken, body });
  return { call, token: tokens.accessToken };
}

let count = 0;
const run = Date.now().toString(36);

export const PASSWORD = "Senha-123";

// A user of its own for a test.
export function registered(profile = { buyer: { fullName: "Ana Prado" } }) {
  count += 1;
  return request("POST", "/v1/users", {
    body: { email: `user${count}.${run}@example.com`, password: PASSWORD, ...profile },
  });
}

export const signedIn = async (user) => (await request("POST", "/v1/sessions", {
  body: { email: user.email, password: PASSWORD },
})).tokens;

// A line to the platform that can be cut.
export async function forwarder() {
  const { hostname, port } = new URL(URL_);
  const open_ = new Set();
  let isCut = false;
  const server = createServer((client) => {
    if (isCut) { client.destroy(); return; }
    const upstream = connect(Number(port), hostname);
    for (const [from, to] of [[client, upstream], [upstream, client]]) {
      open_.add(from);
      from.on("error", () => {}).on("close", () => { open_.delete(from); to.destroy(); }).pipe(to);
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const destroy = () => { for (const socket of open_) socket.destroy(); };
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    cut() { isCut = true; destroy(); },
    mend() { isCut = false; },
    close() { destroy(); return new Promise((closed) => server.close(closed)); },
  };
}
