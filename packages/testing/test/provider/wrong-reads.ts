import { createHmac } from "node:crypto";
import type { ReadOutcome } from "@backref/core/provider";
import type { WrongProvider } from "./wrong-provider.ts";

export const wrongReads: readonly WrongProvider[] = [
  {
    mistake: "answers a read in the order of the tracker",
    caughtBy: "read-order",
    wrap: (sound) => ({
      ...sound,
      read: {
        issues: async (call, request) => {
          const itemOf = (outcome: ReadOutcome) => (outcome.kind === "live" ? Number(outcome.issue.item) : 0);
          return [...(await sound.read.issues(call, request))].sort((a, b) => itemOf(a) - itemOf(b));
        },
      },
    }),
  },
  {
    mistake: "fails a whole batch for one address that cannot be read",
    caughtBy: "read-isolates",
    wrap: (sound) => ({
      ...sound,
      read: {
        issues: async (call, request) => {
          const outcomes = await sound.read.issues(call, request);
          if (outcomes.some(({ kind }) => kind !== "live")) await sound.update.update(call, missing);
          return outcomes;
        },
      },
    }),
  },
  {
    mistake: "moves the cursor while nothing happens",
    caughtBy: "changes-idle",
    wrap: (sound) => ({
      ...sound,
      changes: {
        list: async (call, request) => {
          const cursor = request.cursor?.replace(/ .*$/, "") ?? null;
          const page = await sound.changes.list(call, { ...request, cursor });
          return { ...page, cursor: `${page.cursor} polled at ${call.clock.now()}` };
        },
      },
    }),
  },
  {
    mistake: "starts the next poll after the last change it saw",
    caughtBy: "changes-same-second",
    wrap: (sound) => ({
      ...sound,
      changes: {
        list: async (call, request) => {
          const page = await sound.changes.list(call, request);
          const seen = request.cursor === null ? 0 : Number(JSON.parse(request.cursor).issues.since);
          return { ...page, issues: page.issues.filter((issue) => request.cursor === null || issue.updatedAt > seen) };
        },
      },
    }),
  },
  {
    mistake: "builds its cursor from the host's clock",
    caughtBy: "changes-tracker-clock",
    wrap: (sound) => ({
      ...sound,
      changes: {
        list: async (call, request) => {
          const page = await sound.changes.list(call, request);
          if (page.more) return page;
          const cursor = JSON.parse(page.cursor);
          const since = Math.floor(call.clock.now() / 1_000) * 1_000;
          return { ...page, cursor: JSON.stringify({ ...cursor, issues: { ...cursor.issues, since, latest: since } }) };
        },
      },
    }),
  },
  {
    mistake: "accepts every delivery that has a signature",
    caughtBy: "webhook-wrong-secret",
    wrap: (sound) => ({
      ...sound,
      webhooks: { ...sound.webhooks, verify: ({ headers }) => headers.has("x-gitea-signature") },
    }),
  },
  {
    mistake: "verifies a body that it has parsed and written anew",
    caughtBy: "webhook-tampered",
    wrap: (sound) => ({
      ...sound,
      webhooks: {
        ...sound.webhooks,
        verify({ headers, body }, { secret }) {
          let rewritten = "";
          try {
            rewritten = JSON.stringify(JSON.parse(new TextDecoder().decode(body)));
          } catch {
            return false;
          }
          const expected = createHmac("sha256", secret).update(rewritten).digest("hex");
          return secret !== "" && headers.get("x-gitea-signature") === expected;
        },
      },
    }),
  },
  {
    mistake: "throws at a malformed signature",
    caughtBy: "webhook-malformed",
    wrap: (sound) => ({
      ...sound,
      webhooks: {
        ...sound.webhooks,
        verify(delivery, secret) {
          const given = delivery.headers.get("x-gitea-signature");
          if (given !== null && given.length !== 64) throw new RangeError("a signature has 64 digits");
          return sound.webhooks.verify(delivery, secret);
        },
      },
    }),
  },
  {
    mistake: "understands keys of any host",
    caughtBy: "keys-other-host",
    wrap: (sound) => ({
      ...sound,
      parseIssue: (text, site) => sound.parseIssue(text.replace(/^\s*https?:\/\/[^/]+/, site.baseUrl), site),
    }),
  },
  {
    mistake: "takes the words behind a key for a part of it",
    caughtBy: "keys-surroundings",
    wrap: (sound) => ({
      ...sound,
      parseIssue: (text, site) => {
        const [, key = "", words = ""] = /^(\S+#\d+):? (.*)$/.exec(text) ?? [];
        const location = sound.parseIssue(key === "" ? text : key, site);
        return location === null || words === "" ? location : { ...location, item: `${location.item} ${words}` };
      },
    }),
  },
  {
    mistake: "tells issues apart by how their names are written",
    caughtBy: "keys-canonical",
    wrap: (sound) => ({
      ...sound,
      formatIssue: (location, site) => {
        const formatted = sound.formatIssue(location, site);
        return { ...formatted, canonicalKey: formatted.displayKey };
      },
    }),
  },
];

const missing = {
  issue: { remoteId: null, container: "acme/web", item: "999999", raw: null },
  patch: { title: "never" },
  ifVersion: null,
};
