import { type Clock, type TableName, type Tables, tableDefinitions } from "@backref/core/storage";
import { ActivityLog } from "./activity-log.ts";
import { Consumers } from "./consumers.ts";
import { DeliveryAges } from "./delivery-ages.ts";
import { SourceGate } from "./source-gate.ts";
import { TableStore } from "./table-store.ts";
import { UnwellRows } from "./unwell-rows.ts";
import { type QueueProbe, WorkQueue } from "./work-queue.ts";

export type TableStores = { readonly [Table in TableName]: TableStore<Tables[Table]> };

/** Everything one storage holds: the tables, and what is derived from them. */
export interface Database {
  readonly clock: Clock;
  readonly tables: TableStores;
  readonly queues: { readonly link: WorkQueue<"link">; readonly pollScope: WorkQueue<"pollScope"> };
  readonly gate: SourceGate;
  readonly activity: ActivityLog;
  readonly deliveryAges: DeliveryAges;
  readonly unwell: UnwellRows;
  readonly consumers: Consumers;
  /** Null until somebody said whose data this is. */
  installationId: string | null;
}

export function createDatabase(clock: Clock, probe?: QueueProbe): Database {
  const names = Object.keys(tableDefinitions) as TableName[];
  const tables = Object.fromEntries(names.map((name) => [name, new TableStore(name)])) as unknown as TableStores;
  const gate = new SourceGate(tables);
  return {
    clock,
    tables,
    gate,
    queues: {
      link: new WorkQueue(tables.link, gate, probe),
      pollScope: new WorkQueue(tables.pollScope, gate, probe),
    },
    activity: new ActivityLog(tables.activity),
    deliveryAges: new DeliveryAges(tables.delivery),
    unwell: new UnwellRows(tables),
    consumers: new Consumers(),
    installationId: null,
  };
}
