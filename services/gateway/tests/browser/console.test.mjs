// The console as administrators use it.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  ADMIN, DESKTOP, PASSWORD, PHONE, SCHEMES, accessible, administrator, browser, forwarder, open, registered, signedIn,
} from "./browser.mjs";

after(() => browser.close());

const NASTY = '<img src=x onerror="document.title=1">';

async function signIn(page, who = ADMIN) {
  await page.getByLabel("E-mail address").fill(who.email);
  await page.getByLabel("Password").fill(who.password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

async function entered(options) {
  const page = await open("/console", options);
  await signIn(page);
  await page.getByRole("heading", { name: "Users", level: 1 }).waitFor();
  await page.getByRole("table").waitFor();
  return page;
}

async function at(user, options) {
  const page = await entered(options);
  await show(page, user);
  return page;
}

async function show(page, user) {
  await page.getByRole("searchbox", { name: "Search" }).fill(user.email);
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByRole("link", { name: user.email }).click();
  await page.getByRole("table", { name: /^Events/ }).waitFor();
}

test("a wrong password is said, and who is no administrator does not get in", async () => {
  const user = await registered();
  const page = await open("/console", { expected: [401] });
  await signIn(page, { ...ADMIN, password: "Wrong-123" });
  const alert = page.getByRole("alert");
  await alert.waitFor();
  assert.match(await alert.textContent(), /CREDENTIALS_WRONG/);
  assert.equal(await page.evaluate(() => document.activeElement.id), "password");
  await signIn(page, { email: user.email, password: PASSWORD });
  await page.getByText("This account is not an administrator's.").waitFor();
  // Nothing of the attempt is left.
  const { call } = await administrator();
  const { sessions } = await call("GET", `/v1/${user.name}/sessions`);
  assert.ok(sessions.every((session) => session.revokeTime));
  await page.finish();
});

test("a search finds by what a text begins with, and takes every character as itself", async () => {
  const user = await registered({ artisan: { storeName: `Barro "e" * Fogo \\ ${Date.now()}` } });
  const page = await entered();
  for (const text of [user.artisan.storeName, user.artisan.storeName.slice(0, 14), user.email.toUpperCase()]) {
    await page.getByRole("searchbox", { name: "Search" }).fill(text);
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByRole("link", { name: user.email }).waitFor();
  }
  for (const text of ['" OR email = "*', "x) OR (email:*", "*", "\\", "'"]) {
    await page.getByRole("searchbox", { name: "Search" }).fill(text);
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByText("No user is like that.").waitFor();
  }
  await page.getByRole("searchbox", { name: "Search" }).fill(user.uid);
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByRole("heading", { name: user.artisan.storeName }).waitFor();
  await page.finish();
});

test("a long list is read page after page, and back", async () => {
  await Promise.all(Array.from({ length: 22 }, () => registered()));
  const page = await entered();
  const first = await page.getByRole("row").nth(1).textContent();
  await page.getByRole("button", { name: "Older" }).click();
  await page.getByText("Page 2", { exact: true }).waitFor();
  assert.notEqual(await page.getByRole("row").nth(1).textContent(), first);
  await page.getByRole("button", { name: "Newer" }).click();
  await page.getByText("Page 1", { exact: true }).waitFor();
  assert.equal(await page.getByRole("row").nth(1).textContent(), first);
  await page.finish();
});

test("a name that is HTML is shown as text on every page", async () => {
  const user = await registered({ artisan: { storeName: NASTY, bio: NASTY } });
  const page = await at(user);
  await page.getByRole("heading", { name: NASTY, exact: true }).waitFor();
  assert.equal(await page.locator("img").count(), 0);
  await page.getByRole("link", { name: "All users" }).click();
  // Not on the page that is left, which has the name several times.
  await page.getByRole("table").getByText(NASTY).first().waitFor();
  await page.getByRole("link", { name: "Live" }).click();
  await page.getByText("Connected.").waitFor();
  const { call } = await administrator();
  await call("PATCH", `/v1/${user.name}`, { artisan: { bio: `${NASTY} again` } });
  await page.getByRole("link", { name: NASTY }).first().waitFor();
  assert.equal(await page.locator("img").count(), 0);
  assert.match(await page.title(), /^Live/);
  await page.finish();
});

test("an account is deactivated, activated, deleted after a question, and restored", async () => {
  const user = await registered();
  const page = await at(user);
  const dialog = page.getByRole("dialog");
  await page.getByRole("button", { name: "Deactivate" }).click();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Deactivate" }).click();
  await dialog.getByRole("button", { name: "Deactivate" }).click();
  await page.getByText("Inactive", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Activate", exact: true }).click();
  await page.getByText("Active", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Delete" }).click();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Undelete" }).click();
  await page.getByText("The user is restored.").waitFor();
  for (const type of ["user.deactivated", "user.activated", "user.deleted", "user.undeleted"]) {
    await page.getByText(type).waitFor();
  }
  await page.finish();
});

test("roles are set after a question, and the last administrator keeps the role", async () => {
  const user = await registered();
  const page = await at(user, { expected: [400] });
  await page.getByLabel("Administrator").check();
  await page.getByRole("button", { name: "Set roles" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Make administrator" }).click();
  await page.getByText("The roles are set.").waitFor();
  await page.getByLabel("Administrator").uncheck();
  await page.getByRole("button", { name: "Set roles" }).click();
  await page.getByText("user.roles_set").nth(1).waitFor();
  await page.getByRole("link", { name: "All users" }).click();
  await show(page, { email: ADMIN.email });
  await page.getByLabel("Administrator").uncheck();
  await page.getByRole("button", { name: "Set roles" }).click();
  await page.getByText("LAST_ADMIN").waitFor();
  await page.finish();
});

test("sessions are shown, and end at a press", async () => {
  const user = await registered();
  const [one, two] = [await signedIn(user), await signedIn(user)];
  const page = await at(user);
  await page.getByRole("button", { name: "Revoke", exact: true }).first().click();
  await page.getByText("Revoked", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Revoke all" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke all" }).click();
  await page.getByText("Revoked", { exact: true }).nth(1).waitFor();
  const { call } = await administrator();
  for (const { accessToken } of [one, two]) {
    assert.notEqual((await call("POST", "/v1/sessions:introspect", { token: accessToken })).active, true);
  }
  await page.finish();
});

test("a change onto what somebody else has changed is refused and told", async () => {
  const user = await registered({ artisan: { storeName: "Barro", bio: "Potes" } });
  const page = await at(user, { expected: [412] });
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("About").fill("Potes e jarros");
  const { call } = await administrator();
  await call("PATCH", `/v1/${user.name}`, { artisan: { phone: "71 5555" } });
  await page.getByText("This user was changed meanwhile. Saving will say so.").waitFor();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Somebody else changed this user meanwhile").waitFor();
  await page.getByText("71 5555").waitFor();
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("About").fill("Potes e jarros");
  await page.getByLabel("Shop's state").selectOption("SUSPENDED");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("The profile is saved.").waitFor();
  const { artisan } = await call("GET", `/v1/${user.name}`);
  assert.deepEqual(artisan, { storeName: "Barro", bio: "Potes e jarros", phone: "71 5555", state: "SUSPENDED" });
  await page.finish();
});

test("what others do appears without being asked for, also after the stream broke off", async () => {
  const user = await registered();
  const line = await forwarder();
  const page = await at(user, { origin: line.origin });
  const { call } = await administrator();
  await call("POST", `/v1/${user.name}:deactivate`, {});
  await page.getByText("Inactive", { exact: true }).waitFor();
  await page.getByRole("link", { name: "Live" }).click();
  await page.getByText("Connected.").waitFor();
  line.cut();
  await page.getByText("Trying again").waitFor();
  await call("POST", `/v1/${user.name}:activate`, {});
  line.mend();
  await page.getByText("user.activated").first().waitFor();
  await page.context().close();
  await line.close();
});

test("the session ends when the page does, or says that it has ended", async () => {
  const page = await entered({ expected: [401] });
  const { call } = await administrator();
  const { sessions } = await call("GET", "/v1/users/me/sessions");
  const live = () => sessions.filter((session) => !session.revokeTime).length;
  assert.ok(live() >= 2);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You are signed out.").waitFor();
  await signIn(page);
  await page.getByRole("table").waitFor();
  await call("POST", "/v1/users/me/sessions:revokeAll", {});
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByText("Your session has ended.").waitFor();
  await page.finish();
});

test("everything can be reached and done with the keyboard", async () => {
  const user = await registered();
  const page = await open("/console");
  const press = (key) => page.keyboard.press(key);
  const focused = () => page.evaluate(() => document.activeElement.textContent || document.activeElement.id);
  assert.equal(await focused(), "email");
  await page.keyboard.type(ADMIN.email);
  await press("Tab");
  await page.keyboard.type(ADMIN.password);
  await press("Enter");
  await page.getByRole("table").waitFor();
  assert.equal(await focused(), "Users");
  for (let steps = 0; await focused() !== "text" && steps < 20; steps += 1) await press("Tab");
  await page.keyboard.type(user.email);
  await press("Enter");
  await page.getByRole("link", { name: user.email }).waitFor();
  for (let steps = 0; !(await focused()).includes(user.email) && steps < 40; steps += 1) await press("Tab");
  await press("Enter");
  await page.getByText("user.created").waitFor();
  for (let steps = 0; await focused() !== "Deactivate" && steps < 40; steps += 1) await press("Tab");
  await press("Enter");
  await page.getByRole("dialog").waitFor();
  await press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.equal(await focused(), "Deactivate");
  await page.finish();
});

for (const scheme of SCHEMES) {
  for (const [kind, size] of [["desktop", DESKTOP], ["phone", PHONE]]) {
    test(`every page is accessible, ${scheme}, ${kind}`, async () => {
      const name = (page) => `console-${page}-${kind}-${scheme}`;
      const user = await registered({
        artisan: { storeName: "Cerâmica da Ladeira", bio: "Potes, jarros e azulejos, feitos à mão.", phone: "71 5555-0101" },
        address: { street: "Rua Chile", number: "21", neighborhood: "Centro Histórico", city: "Salvador", state: "BA", zipCode: "40020-000" },
      });
      await signedIn(user);
      const page = await open("/console", { scheme, size, expected: [401] });
      await accessible(page, name("sign-in"));
      await signIn(page, { ...ADMIN, password: "Wrong-123" });
      await page.getByRole("alert").waitFor();
      await accessible(page, name("refused"));
      await signIn(page);
      await page.getByRole("table").waitFor();
      await accessible(page, name("users"));
      await show(page, user);
      await page.getByRole("button", { name: "Revoke", exact: true }).waitFor();
      await accessible(page, name("user"));
      await page.getByRole("button", { name: "Edit" }).click();
      await accessible(page, name("edit"));
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.getByRole("button", { name: "Delete" }).click();
      await accessible(page, name("dialog"));
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.getByRole("link", { name: "Live" }).click();
      await page.getByText("Connected.").waitFor();
      await registered();
      await page.getByRole("table").waitFor();
      await accessible(page, name("live"));
      await page.getByRole("link", { name: "Schema" }).click();
      await page.getByText("Up to date").waitFor();
      await accessible(page, name("schema"));
      await page.finish();
    });
  }
}
