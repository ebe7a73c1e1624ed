// A small client of the accounts API: types from the contract, `fetch` and nothing else.

import type { components } from "./api.js";
import { lines } from "./lines.js";

type Schemas = components["schemas"];
export type User = Schemas["User"];
export type NewUser = User & Required<Pick<User, "email" | "password">>;
export type Change = Schemas["WatchUsersResponse"];
type Tokens = Schemas["SessionTokens"];

/** What the server refused, and why: decide on `reason`. */
export class ApiError extends Error {
  constructor(readonly problem: Schemas["Problem"]) {
    super(problem.detail);
    this.name = "ApiError";
  }

  get reason(): string {
    return this.problem.reason;
  }
}

/** A resource and the version that it has, for `If-Match`. */
export interface Versioned<T> {
  value: T;
  etag: string;
}

interface Options {
  query?: Record<string, string | number | boolean | undefined>;
  headers?: Record<string, string>;
  body?: unknown;
  signal?: AbortSignal;
}

/** How long before its end an access token is renewed. */
const EARLY = 30_000;

export class Client {
  #tokens: Tokens | undefined;
  #renewal: Promise<void> | undefined;

  constructor(readonly origin: string) {}

  /** Signs in; tokens stay in memory. */
  async signIn(email: string, password: string): Promise<void> {
    const response = await this.#fetch("POST", "/v1/sessions", { body: { email, password } });
    const answer = await response.json() as Schemas["CreateSessionResponse"];
    if (!answer.tokens) throw new Error("a second factor is asked for");
    this.#tokens = answer.tokens;
  }

  /** Creates a user. The key makes it safe to repeat the call when its answer was lost. */
  async createUser(user: NewUser, key: string = crypto.randomUUID()): Promise<Versioned<User>> {
    return versioned(await this.#call("POST", "/v1/users", { body: user, headers: { "idempotency-key": key } }));
  }

  /** Reads a user: `users/{uuid}`, or `users/me`. */
  async getUser(name: string): Promise<Versioned<User>> {
    return versioned(await this.#call("GET", `/v1/${name}`));
  }

  /** All users that match, a page at a time behind the scenes. */
  async *listUsers(filter = "", pageSize = 100): AsyncGenerator<User> {
    let pageToken = "";
    do {
      const response = await this.#call("GET", "/v1/users", { query: { filter, pageSize, pageToken } });
      const page = await response.json() as Schemas["ListUsersResponse"];
      yield* page.users ?? [];
      pageToken = page.nextPageToken ?? "";
    } while (pageToken);
  }

  /**
   * Changes what `change` holds, and nothing else, if the user still has the version that was read.
   *
   * Throws an `ApiError` of status 412 if not: read again, and decide anew.
   */
  async updateUser(read: Versioned<User>, change: Schemas["UserPatch"]): Promise<Versioned<User>> {
    const options = { body: change, headers: { "if-match": read.etag } };
    return versioned(await this.#call("PATCH", `/v1/${read.value.name}`, options));
  }

  /**
   * Changes as they are committed, from a resume token on, or from now on.
   *
   * Goes on by itself after the connection broke off; ends when the signal aborts. Keep the last
   * `resumeToken` to go on after a restart.
   */
  async *watchUsers(resumeToken = "", signal?: AbortSignal): AsyncGenerator<Change> {
    for (let failures = 0; !signal?.aborted; failures += 1) {
      if (failures) await pause(Math.min(30_000, 500 * 2 ** failures), signal);
      try {
        const options = { query: { resumeToken }, headers: { accept: "application/x-ndjson" }, ...(signal && { signal }) };
        const response = await this.#call("GET", "/v1/users:watch", options);
        resumeToken = response.headers.get("resume-token") ?? resumeToken;
        for await (const line of lines(response)) {
          const message = JSON.parse(line) as Change & { error?: Schemas["Problem"] };
          resumeToken = message.resumeToken ?? resumeToken;
          if (message.error) throw new ApiError(message.error);
          failures = 0;
          yield message;
        }
      } catch (error) {
        if (signal?.aborted) return;
        // What is refused stays refused; a stream that ended goes on.
        if (error instanceof ApiError && [400, 403].includes(error.problem.status)) throw error;
      }
    }
  }

  async #call(method: string, path: string, options: Options = {}): Promise<Response> {
    const tokens = this.#tokens;
    if (!tokens) return this.#fetch(method, path, options);
    if (Date.parse(tokens.accessTokenExpireTime ?? "") - Date.now() < EARLY) await this.#renew(tokens);
    const authorization = `Bearer ${this.#tokens?.accessToken}`;
    return this.#fetch(method, path, { ...options, headers: { ...options.headers, authorization } });
  }

  /** A refresh token serves once, so that there is one renewal at a time. */
  async #renew({ refreshToken }: Tokens): Promise<void> {
    this.#renewal ??= this.#fetch("POST", "/v1/sessions:refresh", { body: { refreshToken } })
      .then(async (response) => { this.#tokens = await response.json() as Tokens; })
      .finally(() => { this.#renewal = undefined; });
    await this.#renewal;
  }

  async #fetch(method: string, path: string, { query = {}, headers = {}, body, signal }: Options): Promise<Response> {
    const url = new URL(path, this.origin);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== "") url.searchParams.set(name, String(value));
    }
    const init: RequestInit = { method, headers, ...(signal && { signal }) };
    if (body !== undefined) {
      init.body = JSON.stringify(body);
      init.headers = { ...headers, "content-type": "application/json" };
    }
    const response = await fetch(url, init);
    if (!response.ok) throw new ApiError(await response.json() as Schemas["Problem"]);
    return response;
  }
}

async function versioned(response: Response): Promise<Versioned<User>> {
  return { value: await response.json() as User, etag: response.headers.get("etag") ?? "" };
}

function pause(time: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, time);
    signal?.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}
