import { type ActivitySubject, describeActivity, recordActivity } from "../activity/activity.ts";
import type { DefectComment, DefectSnapshot } from "../defect-store/defect-store.ts";
import type { JsonObject } from "../domain/json.ts";
import type { SyncMapping } from "../domain/mapping.ts";
import type { ActivityEvent, ActivityType } from "../events/event-bus.ts";
import type { FieldCodec } from "../mapping/field-codec.ts";
import type { CommitUnit, Requirement, Write } from "../storage/commit.ts";
import type { CommentLinkRow, LinkRow } from "../storage/rows/link-rows.ts";
import type { IssueRow } from "../storage/rows/reference-rows.ts";
import type { TargetRow } from "../storage/rows/source-rows.ts";
import { DefectMoved, LeaseLost } from "./lease-lost.ts";
import type { Pass } from "./pass.ts";

/** What was loaded for one link. */
export interface LinkMaterial {
  readonly link: LinkRow;
  readonly target: TargetRow | null;
  readonly mapping: SyncMapping;
  readonly codecs: readonly FieldCodec[];
  /** Null where the defect does not exist any more. */
  readonly defect: DefectSnapshot | null;
  readonly comments: readonly DefectComment[];
  readonly commentLinks: readonly CommentLinkRow[];
  readonly issue: IssueRow | null;
}

export interface StagedChange {
  readonly set?: Partial<LinkRow>;
  readonly write?: readonly Write[];
  readonly require?: readonly Requirement[];
  /** What is told about it, once it is committed. */
  readonly activities?: readonly (readonly [ActivityType, JsonObject])[];
}

/**
 * One link while a worker holds it. Changes are staged and committed together, always under the lease's fence.
 * What is staged and lost in a crash must be something the next pass finds out again.
 */
export interface Workspace extends Omit<LinkMaterial, "link" | "commentLinks" | "issue" | "defect"> {
  readonly pass: Pass;
  /** With everything staged so far. */
  readonly link: LinkRow;
  readonly issue: IssueRow | null;
  readonly commentLinks: readonly CommentLinkRow[];
  readonly defect: DefectSnapshot | null;
  setDefect(defect: DefectSnapshot): void;
  setIssue(issue: IssueRow): void;
  setCommentLink(row: CommentLinkRow): void;
  stage(change: StagedChange): void;
  activity(type: ActivityType, data?: JsonObject): void;
  readonly hasStaged: boolean;
  /** Commits what is staged. Throws `LeaseLost` or `DefectMoved`. */
  flush(): Promise<void>;
  /** Commits what is staged and gives the link back. */
  release(nextAfterMs: number | null, set?: Partial<LinkRow>): Promise<void>;
  /** Forgets what is staged. */
  discard(): void;
}

export function createWorkspace(pass: Pass, material: LinkMaterial): Workspace {
  const { runtime } = pass;
  let link = material.link;
  let committed = material.link;
  let issue = material.issue;
  let defect = material.defect;
  const commentLinks = new Map(material.commentLinks.map((row) => [row.id, row]));
  let set: Partial<LinkRow> = {};
  let writes: Write[] = [];
  let requirements: Requirement[] = [];
  let events: ActivityEvent[] = [];

  const subject = (): ActivitySubject => ({
    tenantId: link.tenantId,
    sourceId: link.sourceId,
    linkId: link.id,
    defectId: link.defectId,
  });
  const clear = () => {
    set = {};
    writes = [];
    requirements = [];
    events = [];
  };
  const commit = async (last: Write) => {
    const unit: CommitUnit = {
      // A link that somebody ended meanwhile is nobody's to write, least of all just before something is sent.
      require: [{ table: "link", id: link.id, match: { fence: link.fence, active: 1 } }, ...requirements],
      write: [...writes, last, ...events.map(recordActivity)],
    };
    const announced = events;
    const outcome = await pass.commits.commit(unit);
    const isMoved = outcome.status === "stale" && (outcome.table === "defect" || outcome.table === "source");
    if (isMoved) throw new DefectMoved();
    if (outcome.status === "stale") throw new LeaseLost();
    if (outcome.status !== "committed") {
      const key = outcome.status === "taken" ? outcome.key : outcome.id;
      throw new TypeError(`A commit of link ${link.id} failed: ${outcome.status} ${outcome.table}.${key}`);
    }
    committed = link;
    clear();
    runtime.events.emit(announced);
  };

  return {
    pass,
    target: material.target,
    mapping: material.mapping,
    codecs: material.codecs,
    get defect() {
      return defect;
    },
    setDefect(snapshot) {
      defect = snapshot;
    },
    comments: material.comments,
    get link() {
      return link;
    },
    get issue() {
      return issue;
    },
    get commentLinks() {
      return [...commentLinks.values()];
    },
    setIssue(row) {
      issue = row;
    },
    setCommentLink(row) {
      commentLinks.set(row.id, row);
    },
    stage(change) {
      set = { ...set, ...change.set };
      link = { ...link, ...change.set };
      writes.push(...(change.write ?? []));
      requirements.push(...(change.require ?? []));
      for (const [type, data] of change.activities ?? []) events.push(describeActivity(runtime, type, subject(), data));
    },
    activity(type, data = {}) {
      events.push(describeActivity(runtime, type, subject(), data));
    },
    get hasStaged() {
      return writes.length > 0 || events.length > 0 || Object.keys(set).length > 0;
    },
    async flush() {
      if (this.hasStaged) await commit({ type: "update", table: "link", id: link.id, set });
    },
    async release(nextAfterMs, last = {}) {
      this.stage({ set: last });
      await commit({
        type: "release",
        table: "link",
        id: link.id,
        fence: link.fence,
        seenMark: material.link.mark,
        nextAfterMs,
        set,
      });
    },
    discard() {
      link = committed;
      clear();
    },
  };
}
