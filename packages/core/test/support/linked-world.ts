import type { LinkRow } from "../../src/storage/rows/link-rows.ts";
import type { ReferenceRow } from "../../src/storage/rows/reference-rows.ts";
import type { Storage } from "../../src/storage/storage.ts";
import { createWorld, owner, type World } from "./world.ts";

interface ReferenceInput {
  readonly type?: string;
  readonly id?: string;
  readonly projectId?: string;
  readonly issue?: string;
  readonly relation?: string;
}

/** A world with one source whose issues need not be read, and a short way to link to them. */
export interface LinkedWorld extends World {
  readonly sourceId: string;
  readonly app: ReturnType<World["as"]>;
  /** Answers the reference's id. @default test case `T` of `web`, `blue#1`, relates to */
  refer(input?: ReferenceInput): Promise<string>;
  referMany(inputs: readonly ReferenceInput[]): Promise<void>;
  /** Makes the reference of a defect the one of a living sync link. */
  keepInStep(referenceId: string): Promise<LinkRow>;
  /** As `type/id relation issue`, sorted. */
  stored(): Promise<readonly string[]>;
}

export async function createLinkedWorld(storage: Storage): Promise<LinkedWorld> {
  const world = createWorld({ storage });
  const app = world.as(owner);
  const source = await app.sources.create({ name: "Toy", provider: "toy", auth: null });
  const inputOf = ({
    type = "test-case",
    id = "T",
    projectId = "web",
    issue = "blue#1",
    relation,
  }: ReferenceInput) => ({
    object: { type, id, projectId },
    sourceId: source.id,
    issue,
    relation: relation ?? "relates-to",
  });
  return {
    ...world,
    app,
    sourceId: source.id,
    refer: async (input = {}) => (await app.references.add(inputOf(input))).reference.id,
    async referMany(inputs) {
      for (let start = 0; start < inputs.length; start += 1_000) {
        const outcomes = await app.references.addMany(inputs.slice(start, start + 1_000).map(inputOf));
        for (const outcome of outcomes) if (!outcome.ok) throw outcome.error;
      }
    },
    async keepInStep(referenceId) {
      const { issue, object } = await app.references.get(referenceId);
      return await world.link({ sourceId: source.id, issueId: issue.id, defectId: object.id });
    },
    async stored() {
      const by = { table: "reference", by: "source", keys: [[source.id]] } as const;
      const rows: readonly ReferenceRow[] = await storage.find({ tenantId: "acme" }, by);
      const issues = await storage.find({ tenantId: "acme" }, { table: "issue", by: "source", keys: [[source.id]] });
      const keys = new Map(issues.map(({ id, displayKey }) => [id, displayKey]));
      return rows.map((row) => `${row.objectType}/${row.objectId} ${row.relationId} ${keys.get(row.issueId)}`).sort();
    },
  };
}
