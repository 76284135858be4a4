import type { Rule } from "../../rule.ts";
import type { DefectStoreContext } from "../context.ts";

/** What a rule needs of the host. */
export type Need =
  | "comments"
  | "comments.delete"
  | "deleteDefect"
  | "transactions"
  | "transactions at once"
  | "changesSince"
  | "second tenant"
  | "refused value"
  | "internal comments";

const reasons: Readonly<Record<Need, (context: DefectStoreContext) => string | null>> = {
  comments: ({ host }) => (host.comments === undefined ? "the host has no comments" : null),
  "comments.delete": ({ host }) =>
    host.comments?.delete === undefined ? "people of the host cannot delete comments" : null,
  deleteDefect: ({ host }) => (host.deleteDefect === undefined ? "defects of the host are never deleted" : null),
  transactions: ({ host }) => (host.transactions === undefined ? "the host has no transactions to join" : null),
  "transactions at once": ({ host }) =>
    host.transactions?.atOnce === true ? null : "nobody gets through while a transaction of the host's is open",
  changesSince: ({ store }) => (store.changesSince === undefined ? "the store has no `changesSince`" : null),
  "second tenant": ({ otherTenantId }) => (otherTenantId === null ? "the host has one tenant only" : null),
  "refused value": ({ refusedValue }) => (refusedValue === null ? "the host refuses no value" : null),
  "internal comments": ({ hasInternalComments }) => (hasInternalComments ? null : "the host has no internal comments"),
};

type Check = (context: DefectStoreContext) => Promise<void>;

/** Rules of one member of the port: id without its prefix, title, check, and what it needs beside what all of them need. */
export function defineRules(
  member: string,
  needs: readonly Need[],
  entries: readonly (readonly [id: string, title: string, check: Check, own?: readonly Need[]])[],
): readonly Rule<DefectStoreContext>[] {
  return entries.map(([id, title, check, own = []]) => ({
    id: `defect-store/${id}`,
    title,
    documentedAt: `core/defect-store/defect-store.ts, ${member}`,
    check,
    skip: (context) =>
      [...needs, ...own].map((need) => reasons[need](context)).find((reason) => reason !== null) ?? null,
  }));
}
