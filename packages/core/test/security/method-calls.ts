import type { Actor } from "../../src/domain/actor.ts";
import type { BackrefError } from "../../src/errors/index.ts";
import { systemRandom } from "../../src/ports/index.ts";
import { createKeyRing } from "../../src/security/key-ring.ts";
import { sealSignIn } from "../../src/security/sign-in-state.ts";
import type { methodActions } from "../../src/services/method-actions.ts";
import { collect } from "../support/collect.ts";
import type { GitHubWorld } from "../support/github-world.ts";
import { addGitHubSource, createGitHubWorld, secretKey, settle } from "../support/github-world.ts";

export type Services = ReturnType<GitHubWorld["backref"]["as"]>;

/** Ids of records that all belong to the project `web`. */
export interface Records {
  readonly sourceId: string;
  readonly relationId: string;
  readonly referenceId: string;
  readonly issueId: string;
  readonly defectId: string;
  readonly linkId: string;
  readonly commentId: string;
}

export interface MethodCall {
  run(services: Services, records: Records): Promise<unknown>;
  /** What it finds, for methods that leave out what is out of reach instead of refusing. */
  readonly found?: (result: never) => number;
  /** True where it passes over what is out of reach, as over what does not exist. */
  readonly passesOver?: true;
  /** True where it names no record, so that in another tenant it is about that tenant's own. */
  readonly isOwn?: true;
  /** True where a second call would meet another world. */
  readonly changes?: true;
}

const object = { type: "test-case", id: "TC-7", projectId: "web" };
const count = (page: { readonly items: readonly unknown[] }) => page.items.length;
const url = "https://host.example.com/hook";

const keyRing = createKeyRing([{ id: "test", key: secretKey }]);

/** Sign-ins that everybody who calls has begun, to be ended without a code. */
function signInsOf(sourceId: string): readonly string[] {
  const actors: readonly Actor[] = [
    { tenantId: "acme", userId: "u" },
    { tenantId: "acme", system: true },
    { tenantId: "other", userId: "eve" },
  ];
  const begun = { sourceId, credentialVersion: 1, baseUrl: "https://api.github.com", redirectUrl: url };
  return actors.map((actor) =>
    sealSignIn(keyRing, systemRandom, actor, { ...begun, codeVerifier: "v", expiresAt: Number.MAX_SAFE_INTEGER }),
  );
}

/** One call per method, each on records of the project `web`. */
export const methodCalls: {
  readonly [Service in keyof typeof methodActions]: {
    readonly [Method in keyof (typeof methodActions)[Service]]: MethodCall;
  };
} = {
  providers: { list: { run: ({ providers }) => providers.list(), isOwn: true } },
  sources: {
    create: {
      run: ({ sources }) =>
        sources.create({ name: "New", provider: "github", auth: { type: "token", token: "t" }, projects: ["web"] }),
      isOwn: true,
    },
    get: { run: ({ sources }, { sourceId }) => sources.get(sourceId) },
    list: { run: ({ sources }) => sources.list({ projectId: "web" }), found: count },
    update: { run: ({ sources }, { sourceId }) => sources.update(sourceId, { name: "Other" }) },
    enable: { run: ({ sources }, { sourceId }) => sources.enable(sourceId) },
    disable: { run: ({ sources }, { sourceId }) => sources.disable(sourceId) },
    delete: { run: ({ sources }, { sourceId }) => sources.delete(sourceId, { detach: true }), changes: true },
    test: { run: ({ sources }, { sourceId }) => sources.test(sourceId) },
    preview: { run: ({ sources }, { sourceId }) => sources.preview(sourceId) },
    confirmChanges: { run: ({ sources }, { sourceId }) => sources.confirmChanges(sourceId) },
    declineChanges: { run: ({ sources }, { sourceId }) => sources.declineChanges(sourceId, { keep: "apart" }) },
    authorize: { run: ({ sources }, { sourceId }) => sources.authorize(sourceId, { redirectUrl: url }) },
    completeAuthorization: {
      run: async ({ sources }, { sourceId }) => {
        const ends = signInsOf(sourceId).map((state) => sources.completeAuthorization({ state }));
        // The other ones were begun by somebody else.
        const found = (await Promise.allSettled(ends)).find(
          (end) => end.status === "rejected" && (end.reason as BackrefError).code !== "authorization-invalid",
        );
        if (found?.status === "rejected") throw found.reason;
      },
    },
    webhook: { run: ({ sources }, { sourceId }) => sources.webhook(sourceId) },
    registerWebhooks: { run: ({ sources }, { sourceId }) => sources.registerWebhooks(sourceId, { url }) },
    webhookRegistrations: { run: ({ sources }, { sourceId }) => sources.webhookRegistrations(sourceId) },
    unregisterWebhooks: { run: ({ sources }, { sourceId }) => sources.unregisterWebhooks(sourceId) },
    redeliverWebhooks: { run: ({ sources }, { sourceId }) => sources.redeliverWebhooks(sourceId) },
  },
  people: {
    list: { run: ({ people }, { sourceId }) => people.list({ sourceId }) },
    set: { run: ({ people }, { sourceId }) => people.set({ sourceId, remoteId: "1", userId: "ann" }) },
    setMany: {
      run: ({ people }, { sourceId }) => people.setMany({ sourceId, people: [{ remoteId: "2", userId: "ben" }] }),
    },
    remove: { run: ({ people }, { sourceId }) => people.remove({ sourceId, userId: "ann" }) },
    search: { run: ({ people }, { sourceId }) => people.search({ sourceId, projectId: "web" }) },
    suggest: { run: ({ people }, { sourceId }) => people.suggest({ sourceId, projectId: "web", users: [] }) },
  },
  relations: {
    list: {
      run: async ({ relations }, { relationId }) =>
        (await relations.list({ projectId: "web" })).items.filter(({ id }) => id === relationId),
      found: (items: readonly unknown[]) => items.length,
    },
    get: { run: ({ relations }, { relationId }) => relations.get(relationId) },
    create: { run: ({ relations }) => relations.create({ name: "Fixes", projects: ["web"] }), isOwn: true },
    update: { run: ({ relations }, { relationId }) => relations.update(relationId, { inverseName: "Is covered" }) },
    enable: { run: ({ relations }, { relationId }) => relations.enable(relationId) },
    disable: { run: ({ relations }, { relationId }) => relations.disable(relationId) },
    delete: { run: ({ relations }, { relationId }) => relations.delete(relationId), changes: true },
  },
  references: {
    add: {
      run: ({ references }, { sourceId }) => references.add({ object, sourceId, issue: "#1", relation: "relates-to" }),
    },
    addMany: {
      run: async ({ references }, { sourceId }) => {
        const [outcome] = await references.addMany([{ object, sourceId, issue: "#1", relation: "relates-to" }]);
        if (outcome?.ok !== true) throw outcome?.error;
      },
    },
    get: { run: ({ references }, { referenceId }) => references.get(referenceId) },
    list: { run: ({ references }) => references.list({ object }), found: count },
    iterate: {
      run: ({ references }) => collect(references.iterate({ object })),
      found: (items: readonly unknown[]) => items.length,
    },
    update: { run: ({ references }, { referenceId }) => references.update(referenceId, { relation: "blocks" }) },
    move: {
      run: ({ references }) => references.move({ from: object, to: { ...object, id: "TC-8" } }),
      isOwn: true,
      changes: true,
    },
    copy: {
      run: ({ references }) => references.copy({ from: object, to: { ...object, id: "TC-8" } }),
      isOwn: true,
      changes: true,
    },
    removeAll: {
      run: ({ references }) => references.removeAll({ object }),
      passesOver: true,
      isOwn: true,
      changes: true,
    },
    remove: { run: ({ references }, { referenceId }) => references.remove(referenceId), changes: true },
    options: { run: ({ references }) => references.options({ projectId: "web" }), isOwn: true },
  },
  issues: {
    get: { run: ({ issues }, { issueId }) => issues.get(issueId) },
    search: { run: ({ issues }, { sourceId }) => issues.search({ projectId: "web", sourceId, text: "#1" }) },
    refresh: {
      run: ({ issues }, { issueId }) => issues.refresh({ ids: [issueId] }),
      found: ({ requested }: { readonly requested: number }) => requested,
    },
  },
  defects: {
    create: { run: ({ defects }) => defects.create({ projectId: "web", title: "New" }), isOwn: true },
    get: { run: ({ defects }, { defectId }) => defects.get(defectId) },
    list: { run: ({ defects }) => defects.list({ projectId: "web" }), isOwn: true },
    update: { run: ({ defects }, { defectId }) => defects.update(defectId, { title: "Other" }) },
    delete: { run: ({ defects }, { defectId }) => defects.delete(defectId), changes: true },
    report: {
      run: ({ defects }) =>
        defects.report({ projectId: "web", failure: { caseId: "TC-7", runId: "R", resultId: "X", title: "T" } }),
      isOwn: true,
    },
    occurrences: { run: ({ defects }, { defectId }) => defects.occurrences(defectId) },
    push: { run: ({ defects }, { defectId }) => defects.push(defectId) },
    pushMany: {
      run: async ({ defects }, { defectId }) => {
        const [outcome] = await defects.pushMany([defectId]);
        if (outcome?.status === "refused") throw outcome.error;
      },
    },
    pushForm: { run: ({ defects }, { sourceId }) => defects.pushForm({ projectId: "web", sourceId }) },
    attach: { run: ({ defects }, { defectId, sourceId }) => defects.attach(defectId, { sourceId, issue: "#1" }) },
    detach: { run: ({ defects }, { linkId }) => defects.detach(linkId), changes: true },
    links: { run: ({ defects }, { defectId }) => defects.links(defectId) },
    link: { run: ({ defects }, { linkId }) => defects.link(linkId) },
    pause: { run: ({ defects }, { linkId }) => defects.pause(linkId) },
    resume: { run: ({ defects }, { linkId }) => defects.resume(linkId) },
    retry: { run: ({ defects }, { linkId }) => defects.retry(linkId) },
    resolve: { run: ({ defects }, { linkId }) => defects.resolve(linkId, { field: "title", winner: "local" }) },
    changed: { run: ({ defects }, { defectId }) => defects.changed([defectId]), passesOver: true },
  },
  comments: {
    list: { run: ({ comments }, { defectId }) => comments.list({ defectId }) },
    add: { run: ({ comments }, { defectId }) => comments.add({ defectId, body: "Seen" }) },
    update: { run: ({ comments }, { commentId }) => comments.update(commentId, { body: "Seen again" }) },
    delete: { run: ({ comments }, { commentId }) => comments.delete(commentId), changes: true },
  },
  traceability: {
    exportReferences: {
      run: async ({ traceability }) => {
        const document = await traceability.exportReferences({ projectId: "web", format: "json" });
        return await document.response().json();
      },
      isOwn: true,
    },
    coverage: {
      run: ({ traceability }) => traceability.coverage({ projectId: "web", objects: [object] }),
      isOwn: true,
    },
    retestCandidates: {
      run: ({ traceability }) => collect(traceability.retestCandidates({ projectId: "web", objects: [object] })),
      isOwn: true,
    },
    runs: {
      run: ({ traceability }) => collect(traceability.runs({ projectId: "web", runIds: ["R-1"] })),
      isOwn: true,
    },
    defectTrend: {
      run: ({ traceability }) =>
        traceability.defectTrend({
          projectId: "web",
          from: "2026-01-01",
          to: "2026-01-02",
          every: "day",
          timeZone: "UTC",
        }),
      isOwn: true,
    },
    defectsOfRun: {
      run: ({ traceability }) => traceability.defectsOfRun({ projectId: "web", runId: "R-1" }),
      isOwn: true,
    },
    defectsOfCase: {
      run: ({ traceability }) => traceability.defectsOfCase({ projectId: "web", caseId: "TC-1" }),
      isOwn: true,
    },
  },
  activity: { list: { run: ({ activity }, { defectId }) => activity.list({ defectId }), found: count } },
};

/** A host with one record of each kind, all of the project `web`. */
export async function createRecords(): Promise<{ readonly world: GitHubWorld; readonly records: Records }> {
  const world = await createGitHubWorld();
  const { app, github } = world;
  const { id: sourceId } = await addGitHubSource(world);
  await app.sources.update(sourceId, { projects: ["web"] });
  github.as("lena").createIssue("acme/web", { title: "Known" });
  const relation = await app.relations.create({ name: "Covers", projects: ["web"] });
  const { reference, issue } = await app.references.add({ object, sourceId, issue: "#1", relation: "blocks" });
  const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
  const comment = await app.comments.add({ defectId: defect.id, body: "Look" });
  const link = await app.defects.push(defect.id);
  await settle(world);
  return {
    world,
    records: {
      sourceId,
      relationId: relation.id,
      referenceId: reference.id,
      issueId: issue.id,
      defectId: defect.id,
      linkId: link.id,
      commentId: comment.id,
    },
  };
}
