import {
  type ActivityService,
  createBackref,
  type DefectComment,
  type DefectLinksService,
  type Limits,
  type PeopleService,
  type SourcesService,
  type SyncService,
  type WebhooksService,
} from "@backref/core";
import type { Provider } from "@backref/core/provider";
import type { SimulatedProcess } from "../kernel/process.ts";
import { priorities, statuses } from "../plan/plan.ts";
import type { RemoteField } from "../tracker/remote-tracker.ts";
import type { HostTables } from "./host-store.ts";

export const tenantId = "acme";
const projectId = "web";
const actor = { tenantId, userId: "ann", displayName: "Ann", role: "owner" } as const;
const secretKeys = [{ id: "simulated", key: Buffer.alloc(32, 7).toString("base64") }];

/** Short grace and sweep, so that a run needs little quiet to come to its end; the rest is as a host has it by default. */
const limits: Partial<Limits> = { createGraceMs: 150_000, sweepIntervalMs: 120_000 };

type CommentView = Pick<DefectComment, "id" | "body" | "origin" | "visibility">;

/** What users of the host do with defects, whoever keeps these. */
export interface HostPeople {
  create(title: string): Promise<string>;
  edit(defectId: string, field: RemoteField, value: string | null): Promise<void>;
  addComment(defectId: string, body: string, visibility: "public" | "internal"): Promise<void>;
  /** Null deletes it. */
  changeComment(defectId: string, commentId: string, body: string | null): Promise<void>;
  comments(defectId: string): Promise<readonly CommentView[]>;
}

/** Backref as one process of the host runs it. */
export interface Hosted {
  readonly process: SimulatedProcess;
  readonly sync: Pick<SyncService, "run">;
  readonly webhooks: WebhooksService;
  readonly sources: SourcesService;
  readonly identities: PeopleService;
  readonly links: DefectLinksService;
  readonly activity: ActivityService;
  readonly people: HostPeople;
}

export interface HostedOptions {
  readonly process: SimulatedProcess;
  readonly providers: readonly Provider[];
  /** Null where Backref keeps the defects. */
  readonly tables: HostTables | null;
  readonly pollIntervalMs: number;
  readonly isNoticeLost: () => boolean;
}

const one = <Word extends string>(words: readonly Word[], value: string | null): Word | undefined =>
  words.find((word) => word === value);

export function host(options: HostedOptions): Hosted {
  const { process, tables } = options;
  const common = {
    storage: process.storage,
    providers: options.providers,
    secretKeys,
    clock: process.clock,
    scheduler: process.scheduler,
    random: process.random,
    fetch: process.fetch,
    logger: process.logger,
    limits: { ...limits, pollIntervalMs: options.pollIntervalMs },
    defectUrl: ({ defect }: { readonly defect: { readonly id: string } }) => `https://tests.example.com/${defect.id}`,
  };
  if (tables !== null)
    return hostWithTables(options, createBackref({ ...common, defectStore: tables.storeFor(process) }), tables);
  const backref = createBackref(common);
  const { defects, comments, sources, activity, people: identities } = backref.as(actor);
  return {
    process,
    sync: backref.sync,
    webhooks: backref.webhooks,
    sources,
    identities,
    links: defects,
    activity,
    people: {
      async create(title) {
        return (await defects.create({ projectId, title, description: `About ${title}` })).id;
      },
      async edit(defectId, field, value) {
        const status = one(statuses, value);
        const change = {
          title: { title: value ?? "" },
          description: { description: value ?? "" },
          status: status === undefined ? {} : { status },
          priority: { priority: one(priorities, value) ?? null },
          assignee: { assignee: value },
        };
        await defects.update(defectId, change[field]);
      },
      async addComment(defectId, body, visibility) {
        await comments.add({ defectId, body, visibility });
      },
      async changeComment(_defectId, commentId, body) {
        if (body === null) await comments.delete(commentId);
        else await comments.update(commentId, { body });
      },
      async comments(defectId) {
        return (await comments.list({ defectId, limit: 100 })).items;
      },
    },
  };
}

type BackrefOverTables = ReturnType<typeof overTables>;
const overTables = (
  options: Parameters<typeof createBackref>[0] & { readonly defectStore: ReturnType<HostTables["storeFor"]> },
) => createBackref(options);

function hostWithTables(
  { process, isNoticeLost }: HostedOptions,
  backref: BackrefOverTables,
  tables: HostTables,
): Hosted {
  const { defects, sources, activity, people: identities } = backref.as(actor);
  const notify = async (defectId: string) => {
    if (!isNoticeLost()) await defects.changed([defectId]);
  };
  return {
    process,
    sync: backref.sync,
    webhooks: backref.webhooks,
    sources,
    identities,
    links: defects,
    activity,
    people: {
      create: (title) =>
        process.call(async () =>
          tables.create({ title, description: `About ${title}`, status: "open", priority: null, assignee: null }),
        ),
      async edit(defectId, field, value) {
        if (await process.call(async () => tables.edit(defectId, field, value))) await notify(defectId);
      },
      async addComment(defectId, body, visibility) {
        await process.call(async () => tables.addComment(defectId, body, visibility));
        await notify(defectId);
      },
      async changeComment(defectId, commentId, body) {
        await process.call(async () => tables.editComment(defectId, commentId, body));
        await notify(defectId);
      },
      comments: (defectId) =>
        process.call(async () => tables.comments(defectId).filter((comment) => comment.deletedAt === null)),
    },
  };
}
