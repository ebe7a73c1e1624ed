// The stream of changes: lines of JSON, read as they come, resumed where they broke off.

import { Problem } from "./api.js";
import { answerTo, isSignedIn } from "./session.js";

// Reasons that trying again does not mend.
const FINAL = new Set(["PERMISSION_DENIED", "SESSION_ENDED"]);
const SHORTEST = 1_000;
const LONGEST = 30_000;

// Lines of a body, without the empty ones.
export async function* lines(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    for (const line of parts) if (line.trim()) yield line;
  }
  if (rest.trim()) yield rest;
}

const pause = (time, signal) => new Promise((resolve) => {
  const timer = setTimeout(resolve, time);
  signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
});

// Follows until the signal aborts. `state` hears "connected", "waiting" and "ended".
export async function watch({ change, state, signal }) {
  let resumeToken = "";
  let failures = 0;
  while (!signal.aborted && isSignedIn()) {
    try {
      const answer = await answerTo("GET", "/v1/users:watch", {
        query: { resumeToken }, accept: "application/x-ndjson", signal,
      });
      state("connected");
      // Without a place to go on from, what happened meanwhile is not told: pages read anew.
      if (failures && !resumeToken) change(null);
      resumeToken = answer.headers.get("resume-token") || resumeToken;
      for await (const line of lines(answer.body)) {
        const message = JSON.parse(line);
        resumeToken = message.resumeToken || resumeToken;
        if (message.error) throw new Problem(message.error);
        failures = 0;
        change(message);
      }
    } catch (problem) {
      if (signal.aborted) return;
      if (FINAL.has(problem.reason) || problem.status === 403) { state("ended"); return; }
      // A token that is too old to be resumed from is given up.
      if (problem.status === 400) resumeToken = "";
    }
    failures += 1;
    state("waiting");
    const longest = Math.min(LONGEST, SHORTEST * 2 ** (failures - 1));
    await pause(longest / 2 + Math.random() * longest / 2, signal);
  }
}
