// Who is signed in. Tokens live in this module's memory and nowhere else: leaving the page ends the session.

import { Problem, open } from "./api.js";

let tokens = null;
let renewal = null;
let ended = () => {};

// How long before its end an access token is renewed.
const EARLY = 30_000;

export const isSignedIn = () => tokens !== null;

// What to do when the session ends without being asked to.
export const whenEnded = (act) => { ended = act; };

function keep(given) {
  tokens = {
    access: given.accessToken,
    refresh: given.refreshToken,
    session: given.session.name,
    until: Date.parse(given.accessTokenExpireTime),
  };
}

export async function signIn(email, password) {
  const answer = await (await open("POST", "/v1/sessions", { body: { email, password } })).json();
  if (!answer.tokens) throw new Problem({ title: "This account asks for a second factor, which the console cannot show." });
  keep(answer.tokens);
  const me = await call("GET", "/v1/users/me");
  if (me.roles?.includes("ADMIN")) return me;
  await signOut();
  throw new Problem({ title: "This account is not an administrator's." });
}

// A refresh token serves once, so that there is one renewal at a time.
async function renew() {
  renewal ??= open("POST", "/v1/sessions:refresh", { body: { refreshToken: tokens.refresh } })
    .then((answer) => answer.json()).then(keep)
    .finally(() => { renewal = null; });
  try {
    await renewal;
  } catch (problem) {
    if (problem.status === 401 || problem.status === 400) end();
    throw problem;
  }
}

function end() {
  if (!tokens) return;
  tokens = null;
  ended();
}

// An access token that is good for a while.
export async function bearer() {
  if (!tokens) throw new Problem({ status: 401, title: "You are signed out." });
  if (tokens.until - Date.now() < EARLY) await renew();
  return tokens.access;
}

// A call in the name of the administrator, with a new token where the old one is no longer good.
export async function answerTo(method, path, options = {}) {
  const token = await bearer();
  try {
    return await open(method, path, { ...options, token });
  } catch (problem) {
    if (problem.status !== 401 || !tokens) throw problem;
  }
  if (token === tokens.access) await renew();
  try {
    return await open(method, path, { ...options, token: tokens.access });
  } catch (problem) {
    if (problem.status === 401) end();
    throw problem;
  }
}

export const call = async (method, path, options) => (await answerTo(method, path, options)).json();

export async function signOut() {
  if (!tokens) return;
  const { access, session } = tokens;
  tokens = null;
  // The session may have ended already, and who leaves does not wait.
  await open("DELETE", `/v1/${session}`, { token: access, keepalive: true }).catch(() => {});
}
