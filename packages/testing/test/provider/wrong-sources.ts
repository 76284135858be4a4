import type {
  CreateGroup,
  IssueSnapshot,
  Provider,
  ReadOutcome,
  UpdateGroup,
  WebhooksGroup,
} from "@backref/core/provider";
import type { SoundProvider, WrongProvider } from "./wrong-provider.ts";

type Redeliver = NonNullable<WebhooksGroup<unknown, unknown>["redeliver"]>;

function withRedeliver(sound: SoundProvider, wrap: (redeliver: Redeliver) => Redeliver): Provider {
  const redeliver = sound.webhooks.redeliver ?? (async () => null);
  return { ...sound, webhooks: { ...sound.webhooks, redeliver: wrap(redeliver) } };
}

function withScopeOf(
  sound: SoundProvider,
  appScopeOf: (auth: { installation?: string; token: string }, baseUrl: string) => string | null,
): Provider {
  const webhooks: WebhooksGroup<unknown, unknown> = {
    ...sound.webhooks,
    appScopeOf: (auth, { baseUrl }) => appScopeOf(auth as { installation?: string; token: string }, baseUrl),
  };
  return { ...sound, webhooks };
}

const withoutPriority = (issue: IssueSnapshot): IssueSnapshot => ({ ...issue, priority: null });

function withCreate(
  sound: SoundProvider,
  wrap: (create: CreateGroup<unknown, unknown>["create"]) => typeof sound.create.create,
) {
  return { ...sound, create: { ...sound.create, create: wrap(sound.create.create) } };
}

function withUpdate(
  sound: SoundProvider,
  wrap: (update: UpdateGroup<unknown, unknown>["update"]) => typeof sound.update.update,
) {
  return { ...sound, update: { update: wrap(sound.update.update) } };
}

/** Mistakes about what differs from source to source: addresses, capabilities, priorities, deliveries, apps. */
export const wrongSources: readonly WrongProvider[] = [
  {
    mistake: "puts its API's path behind every base URL",
    caughtBy: "base-url-kept",
    wrap: (sound) => ({ ...sound, normaliseBaseUrl: (baseUrl) => `${sound.normaliseBaseUrl(baseUrl)}/api/v1` }),
  },
  {
    mistake: "knows the address of pages only",
    caughtBy: "base-url-typed",
    wrap: (sound) => ({ ...sound, normaliseBaseUrl: (baseUrl) => baseUrl.replace(/\/explore\/repos$/, "") }),
  },
  {
    mistake: "takes every address for its own site's",
    caughtBy: "base-url-stranger",
    wrap: (sound) => ({ ...sound, normaliseBaseUrl: () => "https://gitea.example" }),
  },
  {
    mistake: "leaves a slash at the end",
    caughtBy: "base-url-stranger",
    wrap: (sound) => ({
      ...sound,
      normaliseBaseUrl: (baseUrl) => sound.normaliseBaseUrl(baseUrl).replace(/path$/, ""),
    }),
  },
  {
    mistake: "has a proxy of its own in mind",
    caughtBy: "base-url-stranger",
    wrap: (sound) => ({
      ...sound,
      normaliseBaseUrl: (baseUrl) =>
        sound.normaliseBaseUrl(baseUrl).replace(/^https?:\/\/127\.0\.0\.1/, "http://10.0.0.1"),
    }),
  },
  {
    mistake: "throws at an address with brackets",
    caughtBy: "base-url-stranger",
    wrap: (sound) => ({
      ...sound,
      normaliseBaseUrl(baseUrl) {
        if (baseUrl.includes("[")) throw new TypeError("no such host");
        return sound.normaliseBaseUrl(baseUrl);
      },
    }),
  },
  {
    mistake: "remembers for which source it was asked first",
    caughtBy: "capabilities-for",
    wrap(sound) {
      let count = 0;
      return { ...sound, capabilitiesFor: () => ({ readBatchSize: ++count }) };
    },
  },
  {
    mistake: "polls some sources as a whole",
    caughtBy: "capabilities-for-poll-scope",
    wrap: (sound) => ({
      ...sound,
      capabilitiesFor: (options) => ({ ...sound.capabilitiesFor(options), pollScope: "source" }),
    }),
  },
  {
    mistake: "reads no priority",
    caughtBy: "priority-read",
    kind: "app",
    wrap: (sound) => ({
      ...sound,
      read: {
        async issues(call, request) {
          const outcomes = await sound.read.issues(call, request);
          return outcomes.map(
            (outcome): ReadOutcome =>
              outcome.kind === "live" ? { kind: "live", issue: withoutPriority(outcome.issue) } : outcome,
          );
        },
      },
    }),
  },
  {
    mistake: "lists changes without their priority",
    caughtBy: "priority-changes",
    kind: "app",
    wrap: (sound) => ({
      ...sound,
      changes: {
        async list(call, request) {
          const page = await sound.changes.list(call, request);
          return { ...page, issues: page.issues.map(withoutPriority) };
        },
      },
    }),
  },
  {
    mistake: "declares payloads as whole that lack the priority",
    caughtBy: "priority-webhook",
    kind: "app",
    wrap: (sound) => ({
      ...sound,
      webhooks: {
        ...sound.webhooks,
        read(delivery) {
          const event = sound.webhooks.read(delivery);
          const hints = event.hints.map((hint) => ({ ...hint, issue: hint.issue && withoutPriority(hint.issue) }));
          return { ...event, hints };
        },
      },
    }),
  },
  {
    mistake: "creates issues without their priority",
    caughtBy: "priority-create",
    kind: "app",
    wrap: (sound) => withCreate(sound, (create) => (call, request) => create(call, { ...request, priority: null })),
  },
  {
    mistake: "tells a priority where there is none",
    caughtBy: "create-answer",
    wrap: (sound) =>
      withCreate(sound, (create) => async (call, request) => {
        const { issue, warnings } = await create(call, request);
        return { issue: { ...issue, priority: "Normal" }, warnings };
      }),
  },
  {
    mistake: "drops a priority that does not exist, and says nothing",
    caughtBy: "priority-create-unknown",
    kind: "app",
    wrap: (sound) =>
      withCreate(sound, (create) => async (call, request) => ({ ...(await create(call, request)), warnings: [] })),
  },
  {
    mistake: "cannot take a priority away",
    caughtBy: "priority-update",
    kind: "app",
    wrap: (sound) =>
      withUpdate(sound, (update) => (call, { patch: { priority, ...patch }, ...request }) => {
        const kept = priority == null ? {} : { priority };
        return update(call, { ...request, patch: { ...patch, ...kept } });
      }),
  },
  {
    mistake: "answers with the priority that was asked for",
    caughtBy: "priority-update-unknown",
    kind: "app",
    wrap: (sound) =>
      withUpdate(sound, (update) => async (call, request) => {
        const { issue } = await update(call, request);
        const { priority = issue.priority } = request.patch;
        return { issue: { ...issue, priority }, warnings: [] };
      }),
  },
  {
    mistake: "asks for one delivery at most",
    caughtBy: "redeliver-missed",
    wrap: (sound) =>
      withRedeliver(sound, (redeliver) => async (call, request) => {
        let posts = 0;
        const fetch: typeof call.fetch = async (input, init) => {
          if (init?.method === "POST" && ++posts > 1) return new Response(null, { status: 204 });
          return call.fetch(input, init);
        };
        return redeliver({ ...call, fetch }, request);
      }),
  },
  {
    mistake: "takes the moment to be as fine as its clock",
    caughtBy: "redeliver-missed",
    wrap: (sound) =>
      withRedeliver(sound, (redeliver) => (call, request) => {
        return redeliver(call, { ...request, since: Math.ceil(request.since / 1_000) * 1_000 });
      }),
  },
  {
    mistake: "counts everything that was ever sent as missed",
    caughtBy: "redeliver-taken",
    wrap: (sound) =>
      withRedeliver(sound, (redeliver) => async (call, request) => {
        const fetch: typeof call.fetch = async (input, init) => {
          const response = await call.fetch(input, init);
          if (init?.method === "POST") return response;
          return new Response((await response.text()).replaceAll('"status":202', '"status":503'), response);
        };
        return redeliver({ ...call, fetch }, request);
      }),
  },
  {
    mistake: "asks for all that was missed, however long ago",
    caughtBy: "redeliver-since",
    wrap: (sound) => withRedeliver(sound, (redeliver) => (call, request) => redeliver(call, { ...request, since: 0 })),
  },
  {
    mistake: "takes the hooks of others for ours",
    caughtBy: "redeliver-elsewhere",
    wrap: (sound) =>
      withRedeliver(sound, (redeliver) => (call, request) => redeliver(call, { ...request, endpoint: "https" })),
  },
  {
    mistake: "says that a hook which is not there missed nothing",
    caughtBy: "redeliver-elsewhere",
    kind: "app",
    wrap: (sound) =>
      withRedeliver(sound, (redeliver) => async (call, request) => (await redeliver(call, request)) ?? { asked: 0 }),
  },
  {
    mistake: "takes every failure for a hook that it may not see",
    caughtBy: "errors-server",
    wrap: (sound) => withRedeliver(sound, (redeliver) => (call, request) => redeliver(call, request).catch(() => null)),
  },
  {
    mistake: "looks a base URL up before it knows it",
    caughtBy: "lazy",
    wrap: (sound) => ({
      ...sound,
      normaliseBaseUrl(baseUrl) {
        fetch("data:,").catch(() => {});
        return sound.normaliseBaseUrl(baseUrl);
      },
    }),
  },
  {
    mistake: "names the app's installation by its token",
    caughtBy: "app-scope",
    kind: "app",
    wrap: (sound) => withScopeOf(sound, ({ token }, baseUrl) => `${baseUrl}/installations/${token}`),
  },
  {
    mistake: "knows credentials again by identity",
    caughtBy: "app-scope",
    wrap(sound) {
      const known = new Map<unknown, string>();
      return withScopeOf(sound, (auth, baseUrl) => {
        const scope = known.get(auth) ?? `${baseUrl}/${known.size}`;
        known.set(auth, scope);
        return scope;
      });
    },
  },
  {
    mistake: "throws at a credential that is no app's",
    caughtBy: "app-scope",
    wrap: (sound) => withScopeOf(sound, ({ installation }) => `installation-${(installation as string).trim()}`),
  },
  {
    mistake: "names installations by their number alone",
    caughtBy: "app-scope-sites",
    kind: "app",
    wrap: (sound) => withScopeOf(sound, ({ installation = "" }) => `installation-${installation}`),
  },
  {
    mistake: "does not say whose a delivery is that concerns no issue",
    caughtBy: "app-scope-delivery",
    kind: "app",
    wrap: (sound) => ({
      ...sound,
      webhooks: {
        ...sound.webhooks,
        read(delivery) {
          const { appScope = "", ...event } = sound.webhooks.read(delivery);
          return event.hints.length === 0 ? event : { ...event, appScope };
        },
      },
    }),
  },
  {
    mistake: "believes whoever names an installation",
    caughtBy: "app-scope-proof",
    kind: "app",
    wrap: (sound) => ({
      ...sound,
      connect: { ...sound.connect, account: async () => ({ id: "7", login: "backref-bot", displayName: "Backref" }) },
    }),
  },
  {
    mistake: "gives the path of the page for a new issue without the site",
    caughtBy: "create-url",
    wrap: (sound) => ({ ...sound, createUrl: ({ container }) => `/${container}/issues/new` }),
  },
  {
    mistake: "puts titles into an address as they are",
    caughtBy: "create-url-draft",
    wrap: (sound) => ({
      ...sound,
      createUrl: ({ container, title = "" }, { baseUrl }) => `${baseUrl}/${container}/issues/${title}`,
    }),
  },
  {
    mistake: "names an only container that its own form refuses",
    caughtBy: "only-container",
    wrap: (sound) => ({ ...sound, onlyContainer: () => "the only one" }),
  },
];
