import { createGitHubProvider } from "@backref/provider-github";
import { createMemoryStorage } from "@backref/storage-memory";
import { createBackref, type DefectStore } from "../src/index.ts";

const storage = createMemoryStorage();
const providers = [createGitHubProvider()] as const;
const backref = createBackref({ storage, providers });
const app = backref.as({ tenantId: "t", userId: "u" });

// The provider's id decides what `auth` is.
void app.sources.create({ name: "n", provider: "github", auth: { type: "token", token: "t" } });
// @ts-expect-error no such provider was given
void app.sources.create({ name: "n", provider: "jira", auth: { type: "token", token: "t" } });
// @ts-expect-error GitHub does not sign in like this
void app.sources.create({ name: "n", provider: "github", auth: { type: "basic", user: "u" } });
// @ts-expect-error a credential is needed
void app.sources.create({ name: "n", provider: "github" });

// The default words are typed through.
void app.defects.create({ projectId: "p", title: "t", status: "in-progress", priority: "blocker" });
// @ts-expect-error not a status
void app.defects.create({ projectId: "p", title: "t", status: "done" });
// @ts-expect-error not a priority
void app.defects.update("d", { priority: "urgent" });

// Words of the host's own need their mapping and are typed through.
const words = {
  statuses: [
    { id: "todo", category: "open" },
    { id: "done", category: "closed" },
  ],
  priorities: ["p1", "p2"],
} as const;
const own = createBackref({
  storage,
  providers,
  vocabulary: words,
  mapping: {
    priority: [
      { remote: "prio 1", local: ["p1"] },
      { remote: "prio 2", local: ["p2"] },
    ],
  },
}).as({ tenantId: "t", userId: "u" });
void own.defects.create({ projectId: "p", title: "t", status: "todo", priority: "p1" });
// @ts-expect-error a default word is no word of this host
void own.defects.create({ projectId: "p", title: "t", status: "in-progress" });
// @ts-expect-error a vocabulary without a mapping
createBackref({ storage, providers, vocabulary: words });

// A host with defects of its own has no create and no comments of ours.
declare const defectStore: DefectStore;
const hosted = createBackref({ storage, providers, defectStore }).as({ tenantId: "t", userId: "u" });
void hosted.defects.push("d");
// @ts-expect-error the host creates defects
void hosted.defects.create({ projectId: "p", title: "t" });
const noComments: null = hosted.comments;
void noComments;

// Beside a vault, keys seal sign-ins only.
const vault = { read: async () => null, write: async () => {} };
createBackref({ storage, providers, secretKeys: [], credentials: vault });
// @ts-expect-error a vault is read and written
createBackref({ storage, providers, credentials: { read: async () => null } });

// Whoever moves references says in which project they are from then on; where they were, they say themselves.
const testCase = { type: "test-case", id: "c" } as const;
void app.references.move({ from: testCase, to: { ...testCase, projectId: "p" } });
// @ts-expect-error in which project?
void app.references.copy({ from: testCase, to: testCase });
// @ts-expect-error nothing else of a reference can be changed
void app.references.update("r", { issue: "#1" });

// Webhooks of apps go by the ids of the providers that were given.
const secrets = ["a secret of at least sixteen characters"];
const withApp = createBackref({ storage, providers, appWebhooks: { github: { secrets } } });
// @ts-expect-error no such provider was given
createBackref({ storage, providers, appWebhooks: { jira: { secrets } } });
declare const request: Request;
void withApp.webhooks.handle(request, { provider: "github" });
void withApp.webhooks.handle(request, { endpoint: "br-x", waitUntil: () => {} });
// @ts-expect-error whose delivery is it?
void withApp.webhooks.handle(request, {});
// @ts-expect-error it belongs to a source or to an app
void withApp.webhooks.handle(request, { endpoint: "br-x", provider: "github" });
