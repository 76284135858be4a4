import type { Storage } from "@backref/core";
import type { CommitUnit, DefectCommentRow, Row, StorageScope, TableName, Write } from "@backref/core/storage";
import { type RemoteField, remoteFields } from "../tracker/remote-tracker.ts";
import type { Findings } from "./findings.ts";
import type { History } from "./history.ts";
import type { LocalEntry, OldRead } from "./strand.ts";

/** A link as the judge remembers it. */
export interface WatchedLink {
  readonly id: string;
  readonly token: string;
  readonly defectId: string;
  readonly sourceId: string;
  /** The row of the issue that it was attached to; null where it made one. */
  readonly attachedTo: string | null;
  /** When it began, in the order of things. */
  readonly since: number;
}

export interface StorageWatch {
  /** The storage all processes share, as one of them uses it, with the judge looking on. */
  storageFor(process: string): Storage;
  readonly links: ReadonlyMap<string, WatchedLink>;
  /** The tracker's id of an issue row; null while it was never read. */
  remoteIdOf(issueId: string): string | null;
}

type RowWrite<Table extends TableName> = Extract<Write, { readonly table: Table }>;

const isTable = <Table extends TableName>(write: Write, table: Table): write is RowWrite<Table> =>
  "table" in write && write.table === table;

const enginesColumns = ["base", "journal", "seenVersion", "intent"] as const;

/** The link whose holder makes this commit; null for calls of the services, which wait until nobody holds it. */
function holderOf(unit: CommitUnit): string | null {
  const held = unit.require?.find(
    (one) => one.table === "link" && "match" in one && "fence" in one.match && !("leaseOwner" in one.match),
  );
  return held?.id ?? null;
}

/** What a unit tells in the activity log. */
function toldIn(unit: CommitUnit): readonly string[] {
  return unit.write.flatMap((write) => (isTable(write, "activity") && write.type === "insert" ? [write.row.type] : []));
}

/** Looks at every commit as it takes effect: who changed what, and whether what belongs together came together. */
export function watchStorage(options: {
  readonly inner: Storage;
  readonly history: History;
  readonly findings: Findings;
  /** Something became due, perhaps. */
  readonly onMark: () => void;
  /** A process's newest read of a link's issue, where that was older than the tracker declares. */
  readonly oldRead: (process: string, linkId: string) => OldRead | null;
  readonly onRest: (scope: StorageScope, linkId: string) => Promise<void>;
}): StorageWatch {
  const { inner, history, findings } = options;
  const links = new Map<string, WatchedLink>();
  const ended = new Set<string>();
  const holders = new Map<string, string>();
  const remoteIds = new Map<string, string | null>();

  const defectWrite = (write: RowWrite<"defect">, by: LocalEntry["by"]) => {
    if (write.type === "insert" || write.type === "put") {
      for (const field of remoteFields) history.localField(write.row.id, field, write.row[field], by);
    }
    if (write.type !== "update") return;
    for (const field of remoteFields) {
      const value = write.set[field];
      if (value !== undefined) history.localField(write.id, field, value, by);
    }
  };

  const commentWrite = (write: RowWrite<"defectComment">, by: LocalEntry["by"]) => {
    if (write.type === "insert") history.localComment(write.row.id, write.row.body, by);
    if (write.type !== "update") return;
    const { body, deletedAt }: Partial<DefectCommentRow> = write.set;
    if (body !== undefined) history.localComment(write.id, body, by);
    if (deletedAt !== undefined && deletedAt !== null) history.localComment(write.id, null, by);
  };

  const linkWrite = (write: RowWrite<"link">, holder: string | null, process: string) => {
    if (write.type === "update" || write.type === "release") {
      if (holder === write.id && ended.has(write.id))
        findings.add(`I2 the holder of link ${holder} goes on after its end`);
      if (write.set.active === null) ended.add(write.id);
      if (write.set.active === 1) ended.delete(write.id);
    }
    if ((write.type === "update" || write.type === "release") && write.set.base !== undefined) {
      history.agreed(write.id, write.set.base, options.oldRead(process, write.id));
    }
    if (write.type !== "insert") return;
    const { id, token, defectId, sourceId, issueId }: Row<"link"> = write.row;
    links.set(id, { id, token, defectId, sourceId, attachedTo: issueId, since: history.mark() });
  };

  const issueWrite = (write: RowWrite<"issue">) => {
    if (write.type === "insert" || write.type === "put") remoteIds.set(write.row.id, write.row.remoteId);
    if (write.type === "update" && write.set.remoteId !== undefined) remoteIds.set(write.id, write.set.remoteId);
  };

  /** What is done and what is told about it are one commit, or the log would lie after a crash. */
  const checkTold = (unit: CommitUnit, holder: string) => {
    const told = toldIn(unit);
    const fields = unit.write.flatMap((write): readonly RemoteField[] =>
      isTable(write, "defect") && write.type === "update"
        ? remoteFields.filter((field) => write.set[field] !== undefined)
        : [],
    );
    if (fields.length > 0 && !told.includes("defect-updated")) {
      findings.add(`I6 link ${holder} changed ${fields.join(", ")} and the activity log does not say so`);
    }
    const conflicts = unit.write.filter((write) => isTable(write, "conflict")).length;
    const recorded = told.filter((type) => type === "conflict-recorded" || type === "field-resolved").length;
    if (conflicts !== recorded)
      findings.add(`I6 link ${holder} recorded ${conflicts} conflicts and told of ${recorded}`);
  };

  /** Who claimed a link last is the only one who writes what the engine keeps of it. */
  const checkWriter = (process: string, unit: CommitUnit) => {
    const waits = unit.require?.some((one) => one.table === "link" && "match" in one && "leaseOwner" in one.match);
    if (waits === true) return;
    for (const write of unit.write) {
      if (!isTable(write, "link") || (write.type !== "release" && write.type !== "update")) continue;
      const isEngines = write.type === "release" || enginesColumns.some((column) => write.set[column] !== undefined);
      const holder = holders.get(write.id);
      if (isEngines && holder !== process) findings.add(`I2 ${process} wrote to a link that ${holder} holds`);
    }
  };

  const committed = async (scope: StorageScope, process: string, unit: CommitUnit) => {
    checkWriter(process, unit);
    const holder = holderOf(unit);
    const by: LocalEntry["by"] = holder === null ? "person" : { linkId: holder };
    const released: string[] = [];
    const isChosen = toldIn(unit).includes("field-resolved");
    for (const write of unit.write) {
      if (isTable(write, "defect")) defectWrite(write, by);
      if (isTable(write, "defectComment")) commentWrite(write, by);
      if (isTable(write, "issue")) issueWrite(write);
      if (isTable(write, "link")) linkWrite(write, holder, process);
      if (isTable(write, "conflict") && write.type === "insert") {
        const { linkId, field, local, remote, winner } = write.row;
        const plain = (value: unknown) =>
          Array.isArray(value) ? value.toSorted().join("|") : typeof value === "string" ? value : null;
        history.recorded(linkId, field, { local: plain(local), remote: plain(remote), winner, isChosen });
      }
      if (write.type === "mark") options.onMark();
      if (write.type === "release" && write.table === "link") released.push(write.id);
    }
    if (holder !== null) checkTold(unit, holder);
    for (const linkId of released) await options.onRest(scope, linkId);
  };

  return {
    links,
    remoteIdOf: (issueId) => remoteIds.get(issueId) ?? null,
    storageFor: (process) => ({
      ...inner,
      async find(scope, query) {
        const rows = await inner.find(scope, query);
        for (const row of rows) {
          if (row.tenantId !== scope.tenantId)
            findings.add(`I8 a row of ${row.tenantId} was read as ${scope.tenantId}`);
        }
        return rows;
      },
      async commit(scope, units) {
        const outcomes = await inner.commit(scope, units);
        for (const [index, unit] of units.entries()) {
          if (outcomes[index]?.status === "committed") await committed(scope, process, unit);
        }
        return outcomes;
      },
      system: {
        ...inner.system,
        async claim(request) {
          const claimed = await inner.system.claim(request);
          if (request.table === "link") for (const row of claimed.rows) holders.set(row.id, process);
          return claimed;
        },
      },
    }),
  };
}
