import { createNodeId } from "./identifiers.ts";
import type { IssueFieldRecord, IssueTypeRecord, MilestoneRecord } from "./model.ts";

/** What a catalog is as plain JSON. */
export interface SavedCatalog {
  /** Lower-case logins of owners that are organizations. */
  readonly organizations: readonly string[];
  readonly types: readonly IssueTypeRecord[];
  readonly fields: readonly IssueFieldRecord[];
  readonly milestones: readonly MilestoneRecord[];
  readonly lastId: number;
}

/** An organization, and what issues in its repositories can carry. */
export interface OrganizationOptions {
  /** Names of issue types. @default none */
  readonly issueTypes?: readonly string[];
  /** Issue fields; one with options is a single select. @default none */
  readonly issueFields?: readonly (
    | { readonly name: string; readonly options: readonly string[] }
    | { readonly name: string; readonly dataType: "text" | "number" | "date" }
  )[];
}

/** Ids start apart from all others. */
const firstId = 7_000_000;

/** What organizations and repositories offer their issues: types, fields, milestones. */
export class Catalog {
  readonly #organizations = new Set<string>();
  readonly #types = new Map<number, IssueTypeRecord>();
  readonly #fields = new Map<number, IssueFieldRecord>();
  readonly #milestones = new Map<number, MilestoneRecord>();
  #lastId = firstId;

  isOrganization(owner: string): boolean {
    return this.#organizations.has(owner.toLowerCase());
  }

  /** Makes the owner an organization; types and fields it has by the same name keep their ids. */
  setOrganization(login: string, { issueTypes = [], issueFields = [] }: OrganizationOptions): void {
    const owner = login.toLowerCase();
    this.#organizations.add(owner);
    const types = this.typesOf(owner);
    const fields = this.fieldsOf(owner);
    for (const { id } of types) this.#types.delete(id);
    for (const { id } of fields) this.#fields.delete(id);
    for (const name of issueTypes) {
      const id = types.find((type) => type.name === name)?.id ?? this.#nextId();
      this.#types.set(id, { id, nodeId: createNodeId("IT", 0, id), owner, name });
    }
    for (const { name, ...kind } of issueFields) {
      const id = fields.find((field) => field.name === name)?.id ?? this.#nextId();
      const dataType = "options" in kind ? "single_select" : kind.dataType;
      const options = "options" in kind ? [...kind.options] : [];
      this.#fields.set(id, { id, nodeId: createNodeId("IF", 0, id), owner, name, dataType, options });
    }
  }

  typesOf(owner: string): IssueTypeRecord[] {
    return [...this.#types.values()].filter((type) => type.owner === owner.toLowerCase());
  }

  type(id: number | null): IssueTypeRecord | undefined {
    return id === null ? undefined : this.#types.get(id);
  }

  fieldsOf(owner: string): IssueFieldRecord[] {
    return [...this.#fields.values()].filter((field) => field.owner === owner.toLowerCase());
  }

  field(id: number): IssueFieldRecord | undefined {
    return this.#fields.get(id);
  }

  addMilestone(repositoryId: number, title: string, createdAt: number): MilestoneRecord {
    const id = this.#nextId();
    const number = this.milestonesOf(repositoryId).length + 1;
    const nodeId = createNodeId("MI", repositoryId, id);
    const milestone: MilestoneRecord = { id, nodeId, repositoryId, number, title, state: "open", createdAt };
    this.#milestones.set(id, milestone);
    return milestone;
  }

  milestonesOf(repositoryId: number): MilestoneRecord[] {
    return [...this.#milestones.values()].filter((milestone) => milestone.repositoryId === repositoryId);
  }

  milestone(id: number | null): MilestoneRecord | undefined {
    return id === null ? undefined : this.#milestones.get(id);
  }

  save(): SavedCatalog {
    return {
      organizations: [...this.#organizations],
      types: [...this.#types.values()],
      fields: [...this.#fields.values()],
      milestones: [...this.#milestones.values()],
      lastId: this.#lastId,
    };
  }

  restore(saved: SavedCatalog): void {
    for (const login of saved.organizations) this.#organizations.add(login);
    for (const type of saved.types) this.#types.set(type.id, type);
    for (const field of saved.fields) this.#fields.set(field.id, field);
    for (const milestone of saved.milestones) this.#milestones.set(milestone.id, milestone);
    this.#lastId = saved.lastId;
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}
