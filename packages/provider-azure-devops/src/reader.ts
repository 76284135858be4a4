import type { IssueAddress, IssueSnapshot } from "@backref/core/provider";
import { type Operation, UnexpectedShape } from "@backref/provider-kit";
import { type AzureDevOpsCall, type AzureDevOpsClient, type OpenClient, valuesOf } from "./client.ts";
import { missingField, notThere } from "./errors.ts";
import { fieldNames, snapshotFields } from "./fields.ts";
import { idIn } from "./keys.ts";
import { type MappingContext, mapItem, parseItem, type WorkItem } from "./map-issue.ts";
import { loadRichText } from "./text.ts";
import type { TypeState, WorkItemTypes } from "./work-item-types.ts";

/** Items are read 200 at a time at most: https://learn.microsoft.com/rest/api/azure/devops/wit/work-items/get-work-items-batch */
export const batchSize = 200;

/** Reads work items, and makes snapshots of them. */
export interface Reader extends Omit<MappingContext, "statesOf"> {
  readonly client: AzureDevOpsClient;
  /** What there is of these, in any order: what is not there, or not for this credential, is left out. */
  fetch(operation: Operation, ids: readonly string[], expand?: "relations"): Promise<readonly WorkItem[]>;
  /** Throws `gone` where it is not there. */
  fetchOne(operation: Operation, address: IssueAddress, expand?: "relations"): Promise<WorkItem>;
  /** Reads what the types' states mean, where that was not read lately. */
  map(operation: Operation, items: readonly WorkItem[]): Promise<readonly IssueSnapshot[]>;
  mapOne(operation: Operation, item: WorkItem): Promise<IssueSnapshot>;
  statesOf(operation: Operation, container: string, type: string): Promise<readonly TypeState[]>;
}

export type OpenReader = (call: AzureDevOpsCall) => Promise<Reader>;

/** The id of an item; null for what cannot be one. */
export function idOf({ remoteId, item }: Pick<IssueAddress, "remoteId" | "item">): string | null {
  return idIn(remoteId ?? item);
}

/** The path of an item. Ids are unique in the organisation, so it needs no project. */
export function itemPath(operation: Operation, address: Pick<IssueAddress, "remoteId" | "item">): string {
  const id = idOf(address);
  if (id === null) throw notThere(operation, `There is no work item "${address.item}": ids are numbers.`);
  return `/_apis/wit/workitems/${id}`;
}

export function createReaders(open: OpenClient, types: WorkItemTypes): OpenReader {
  return async (call) => {
    const client = open(call);
    const richText = await loadRichText();
    const context = { deployment: client.deployment, options: call.options, richText };
    const statesOf: Reader["statesOf"] = (operation, container, type) =>
      types.statesOf(call, client, { operation, container, type });
    const map: Reader["map"] = async (operation, items) => {
      const known = new Map<string, readonly TypeState[]>();
      for (const { fields } of items) {
        const [container, type] = [fields[fieldNames.project], fields[fieldNames.type]];
        const state = fields[fieldNames.state];
        known.set(`${container} ${type}`, await types.statesOf(call, client, { operation, container, type, state }));
      }
      const lookUp = (container: string, type: string) => known.get(`${container} ${type}`) ?? [];
      return items.map((item) => mapItem(item, { ...context, statesOf: lookUp }));
    };
    return {
      ...context,
      client,
      statesOf,
      map,
      async mapOne(operation, item) {
        const [snapshot] = await map(operation, [item]);
        return snapshot as IssueSnapshot;
      },
      async fetch(operation, ids, expand) {
        const found: WorkItem[] = [];
        for (let from = 0; from < ids.length; from += batchSize) {
          const batch = ids.slice(from, from + batchSize).map(Number);
          const ask = (wanted: object) =>
            client.request(operation, "POST", "/_apis/wit/workitemsbatch", {
              body: { ids: batch, ...wanted, errorPolicy: "omit" },
            });
          const wanted = expand === undefined ? { fields: snapshotFields(call.options) } : { $expand: expand };
          const answer = await ask(wanted).catch((error: unknown) => {
            // A description that is looked for in a field which is not there would look like one that was emptied.
            const missing = missingField(error);
            if (missing === null || missing === call.options.bodyField) throw error;
            // A Server whose processes never had one of the usual fields.
            return ask({});
          });
          found.push(...answer.as((data) => readable(valuesOf(data))));
        }
        return found;
      },
      async fetchOne(operation, address, expand) {
        const query = expand === undefined ? {} : { $expand: expand };
        const answer = await client.request(operation, "GET", itemPath(operation, address), { query });
        return answer.as(parseItem);
      },
    };
  };
}

/** What was left out is null, or not there at all. One item that cannot be read never fails the others. */
function readable(rows: readonly unknown[]): readonly WorkItem[] {
  return rows.flatMap((row) => {
    if (row === null) return [];
    try {
      return [parseItem(row)];
    } catch (error) {
      if (error instanceof UnexpectedShape && rows.length > 1) return [];
      throw error;
    }
  });
}
