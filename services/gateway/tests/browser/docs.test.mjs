// The documentation as readers use it.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { DESKTOP, PASSWORD, PHONE, SCHEMES, URL_, accessible, administrator, browser, open, registered } from "./browser.mjs";

after(() => browser.close());

async function operation(page, name) {
  const details = page.locator(`#${name}`);
  await details.locator("summary").first().click();
  await details.getByRole("button", { name: "Send" }).waitFor();
  return details;
}

const answer = (details) => details.getByRole("region", { name: "Answer" });

async function sent(details, status) {
  await details.getByRole("button", { name: "Send" }).click();
  await answer(details).getByText(new RegExp(`^${status} `, "m")).waitFor();
  return answer(details).textContent();
}

test("every operation is listed, and a search leaves those that match", async () => {
  const page = await open("/docs");
  const document_ = await (await fetch(`${URL_}/openapi.json`)).json();
  const count = Object.values(document_.paths).flatMap((item) => Object.keys(item)).length;
  await page.getByText(`${count} operations`).waitFor();
  await page.getByRole("searchbox", { name: "Search" }).fill("delete sessions/");
  await page.getByText("1 operation", { exact: true }).waitFor();
  assert.equal(await page.locator("details.operation:visible").count(), 1);
  await page.finish();
});

test("an example is sent as it stands, and the answer shown", async () => {
  const user = await registered();
  const page = await open("/docs", { expected: [401] });
  const details = await operation(page, "AuthService_CreateSession");
  assert.deepEqual(JSON.parse(await details.getByLabel("Body").inputValue()), { email: "ana@example.com", password: "Senha-123" });
  assert.match(await sent(details, 401), /"reason": "CREDENTIALS_WRONG"/);
  await details.getByLabel("Body").fill(JSON.stringify({ email: user.email, password: PASSWORD }));
  assert.match(await sent(details, 200), /"accessToken"/);
  await page.finish();
});

test("an example of a new user is one that the service takes", async () => {
  const page = await open("/docs");
  const details = await operation(page, "UserService_CreateUser");
  const body = JSON.parse(await details.getByLabel("Body").inputValue());
  await details.getByLabel("Body").fill(JSON.stringify({ ...body, email: `docs.${Date.now()}@example.com` }));
  const text = await sent(details, 201);
  assert.match(text, /location: \/v1\/users\//);
  assert.match(text, /etag: "/);
  await page.finish();
});

test("the token is sent in the header, and stays out of the curl line", async () => {
  const { token } = await administrator();
  const page = await open("/docs");
  await page.getByLabel("Access token").fill(token);
  const details = await operation(page, "UserService_GetUser");
  assert.match(await sent(details, 200), /"roles": \[\s*"ADMIN"/);
  const line = await details.getByRole("region", { name: "The same with curl" }).textContent();
  assert.match(line, /^curl 'http.*\/v1\/users\/me' -H "authorization: Bearer \$TOKEN"$/);
  await details.getByLabel("user (required)").fill("a b'c");
  const odd = await details.getByRole("region", { name: "The same with curl" }).textContent();
  assert.ok(odd.includes("/v1/users/a%20b'\\''c'"), odd);
  await page.finish();
});

test("a stream is shown as it comes, until it is stopped", async () => {
  const { token } = await administrator();
  const page = await open("/docs");
  await page.getByLabel("Access token").fill(token);
  const details = await operation(page, "UserService_WatchUsers");
  await details.getByRole("button", { name: "Send" }).click();
  await answer(details).getByText(/^200 /m).waitFor();
  const user = await registered();
  await answer(details).getByText(user.uid).waitFor();
  await details.getByRole("button", { name: "Stop" }).click();
  await answer(details).getByText("Stopped.").waitFor();
  await page.finish();
});

test("an operation is found, filled in and sent with the keyboard", async () => {
  const { token } = await administrator();
  const page = await open("/docs#UserService_ListUsers");
  await page.locator("#UserService_ListUsers[open]").waitFor();
  await page.getByLabel("Access token").focus();
  await page.keyboard.type(token);
  await page.getByLabel("pageSize").focus();
  await page.keyboard.type("1");
  await page.keyboard.press("Enter");
  const details = page.locator("#UserService_ListUsers");
  await answer(details).getByText(/"users": \[/).waitFor();
  await page.finish();
});

for (const scheme of SCHEMES) {
  for (const [kind, size] of [["desktop", DESKTOP], ["phone", PHONE]]) {
    test(`the page is accessible, ${scheme}, ${kind}`, async () => {
      const page = await open("/docs", { scheme, size });
      await page.getByText(/^\d+ operations$/).waitFor();
      const details = await operation(page, "UserService_UpdateUser");
      for (const part of await details.locator("details.part summary").all()) await part.click();
      await accessible(page, `docs-${kind}-${scheme}`);
      await page.finish();
    });
  }
}
