import type { IssueSnapshot, Provider } from "@backref/core/provider";
import { type SoundProvider, type WrongProvider, withFetch } from "./wrong-provider.ts";

/** Changes every snapshot that a read answers with. */
function withRead(sound: SoundProvider, change: (issue: IssueSnapshot) => IssueSnapshot): Provider {
  const issues: SoundProvider["read"]["issues"] = async (call, request) =>
    (await sound.read.issues(call, request)).map((outcome) =>
      outcome.kind === "live" ? { kind: "live", issue: change(outcome.issue) } : outcome,
    );
  return { ...sound, read: { issues } };
}

function withForm(sound: SoundProvider, auth: Partial<ReturnType<Provider["describe"]>["auth"]>): Provider {
  const description = sound.describe();
  return { ...sound, describe: () => ({ ...description, auth: { ...description.auth, ...auth } }) };
}

export const wrongResults: readonly WrongProvider[] = [
  {
    mistake: "throws at input that it does not understand",
    caughtBy: "form-garbage",
    wrap: (sound) =>
      withForm(sound, {
        parse: (input) => {
          const { type, token } = input as { type: unknown; token: string };
          return { ok: true, value: { type, token: token.trim() } };
        },
      }),
  },
  {
    mistake: "shows the token in its form",
    caughtBy: "form-secrets",
    wrap: (sound) =>
      withForm(sound, { schema: { type: "object", properties: { type: {}, token: { type: "string" } } } }),
  },
  {
    mistake: "throws where a connection test should report",
    caughtBy: "connect-test-refused",
    wrap: (sound) => ({
      ...sound,
      connect: {
        ...sound.connect,
        async test(call, request) {
          await sound.connect.account(call);
          return sound.connect.test(call, request);
        },
      },
    }),
  },
  {
    mistake: "counts the same issue as never changed",
    caughtBy: "snapshot-version",
    wrap: (sound) => withRead(sound, (issue) => ({ ...issue, version: issue.createdAt })),
  },
  {
    mistake: "gives times in seconds",
    caughtBy: "snapshot-complete",
    wrap: (sound) => withRead(sound, (issue) => ({ ...issue, createdAt: issue.createdAt / 1_000 })),
  },
  {
    mistake: "looks at the first page only",
    caughtBy: "find-created-deep",
    wrap: (sound) =>
      withFetch(sound, (fetch) => async (input, init) => {
        const isLater = /[?&]page=(?!1\b)\d/.test(String(input));
        return isLater ? new Response("[]", { headers: { "content-type": "application/json" } }) : fetch(input, init);
      }),
  },
  {
    mistake: "lets pull requests through as issues",
    caughtBy: "changes-only-issues",
    wrap: (sound) =>
      withFetch(sound, (fetch) => async (input, init) => {
        const response = await fetch(String(input).replace("type=issues", "type="), init);
        const text = (await response.text()).replaceAll('"pull_request":{"merged":false}', '"pull_request":null');
        return new Response(text === "" ? null : text, { status: response.status, headers: response.headers });
      }),
  },
  {
    mistake: "lists comments newest first",
    caughtBy: "comments-list",
    wrap: (sound) => ({
      ...sound,
      comments: {
        ...sound.comments,
        list: async (call, request) => [...(await sound.comments.list(call, request))].reverse(),
      },
    }),
  },
  {
    mistake: "forgets to name labels that existed before",
    caughtBy: "labels-kept",
    wrap: (sound) => ({
      ...sound,
      labels: {
        ensure: async (call, request) => {
          const { present, refused } = await sound.labels.ensure(call, request);
          return { present: present.slice(-1), refused };
        },
      },
    }),
  },
  {
    mistake: "gives each arrival of a delivery its own id",
    caughtBy: "webhook-redelivery",
    wrap: (sound) => {
      let arrivals = 0;
      const read: SoundProvider["webhooks"]["read"] = (delivery) => {
        arrivals += 1;
        return { ...sound.webhooks.read(delivery), deliveryId: `arrival-${arrivals}` };
      };
      return { ...sound, webhooks: { ...sound.webhooks, read } };
    },
  },
  {
    mistake: "names the version before the change in its hints",
    caughtBy: "webhook-issue",
    wrap: (sound) => ({
      ...sound,
      webhooks: {
        ...sound.webhooks,
        read(delivery) {
          const event = sound.webhooks.read(delivery);
          return { ...event, hints: event.hints.map((hint) => ({ ...hint, version: 1 })) };
        },
      },
    }),
  },
  {
    mistake: "reads half a delivery as if it concerned nothing",
    caughtBy: "webhook-unreadable",
    wrap: (sound) => ({
      ...sound,
      webhooks: {
        ...sound.webhooks,
        read(delivery) {
          try {
            return sound.webhooks.read(delivery);
          } catch {
            return { deliveryId: delivery.headers.get("x-gitea-delivery") ?? "none", name: "unreadable", hints: [] };
          }
        },
      },
    }),
  },
  {
    mistake: "opens an issue that is to be closed",
    caughtBy: "update-state",
    wrap: (sound) => ({
      ...sound,
      update: {
        update: (call, request) =>
          sound.update.update(call, {
            ...request,
            patch: { ...request.patch, ...(request.patch.state && { state: { category: "open" } }) },
          }),
      },
    }),
  },
];
