// Against a running platform: ARTISAN_URL, and ARTISAN_PASSWORD of its first administrator.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError, Client, type NewUser } from "../src/client.js";

const origin = process.env["ARTISAN_URL"] ?? assert.fail("ARTISAN_URL is not set");
const password = process.env["ARTISAN_PASSWORD"] ?? assert.fail("ARTISAN_PASSWORD is not set");
const run = Date.now().toString(36);
let count = 0;

const person = (): NewUser => ({
  email: `ts${count += 1}.${run}@example.com`, password: "Senha-123", artisan: { storeName: `Barro ${run}` },
});

async function administrator(): Promise<Client> {
  const client = new Client(origin);
  await client.signIn("admin@artisan.localhost", password);
  return client;
}

const refused = (status: number, reason: string) => (error: unknown) =>
  error instanceof ApiError && error.problem.status === status && error.reason === reason;

test("a user is created once, however often it is asked for", async () => {
  const [client, user, key] = [new Client(origin), person(), crypto.randomUUID()];
  const first = await client.createUser(user, key);
  const again = await client.createUser(user, key);
  assert.equal(first.value.name, again.value.name);
  assert.equal(first.value.password, undefined);
  await assert.rejects(client.createUser(user), refused(409, "EMAIL_TAKEN"));
  await client.signIn(user.email, user.password);
  assert.deepEqual((await client.getUser("users/me")).value, first.value);
});

test("what is wrong is said of each field", async () => {
  const user = { ...person(), artisan: { storeName: "" } };
  await assert.rejects(new Client(origin).createUser(user), (error) => {
    assert.ok(error instanceof ApiError);
    assert.deepEqual(error.problem.errors?.map(({ field }) => field), ["user.artisan.store_name"]);
    return true;
  });
});

test("a list goes on over its pages", async () => {
  const client = await administrator();
  const made = [];
  for (let number = 0; number < 3; number += 1) made.push((await client.createUser(person())).value.email);
  const found = [];
  for await (const user of client.listUsers(`artisan.store_name = "Barro ${run}"`, 2)) found.push(user.email);
  for (const email of made) assert.ok(found.includes(email), email);
});

test("a change that others overtook is refused", async () => {
  const client = await administrator();
  const read = await client.createUser(person());
  const changed = await client.updateUser(read, { artisan: { bio: "Potes" } });
  assert.deepEqual(changed.value.artisan?.storeName, read.value.artisan?.storeName);
  await assert.rejects(client.updateUser(read, { artisan: { bio: "Jarros" } }), refused(412, "ETAG_MISMATCH"));
});

test("a watch goes on where it ended", async () => {
  const client = await administrator();
  // The stream begins with what is committed after it was opened: users are made until one is seen.
  let isSeen = false;
  const making = async () => { while (!isSeen) await client.createUser(person()); };
  const stop = new AbortController();
  let token = "";
  const maker = making();
  for await (const change of client.watchUsers("", stop.signal)) {
    assert.equal(change.event?.type, "user.created");
    token = change.resumeToken ?? "";
    isSeen = true;
    stop.abort();
  }
  await maker;
  const last = await client.createUser(person());
  const names: (string | undefined)[] = [];
  const upTo = new AbortController();
  for await (const change of client.watchUsers(token, upTo.signal)) {
    names.push(change.user?.name);
    if (change.user?.name === last.value.name) upTo.abort();
  }
  assert.equal(names.at(-1), last.value.name);
  assert.equal(new Set(names).size, names.length);
});
