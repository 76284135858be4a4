import type { Page, PageRequest } from "../domain/page.ts";
import type { Relation, RelationKind } from "../domain/relations.ts";

export interface CreateRelationInput {
  /** Read from the test object; unique in the tenant, whatever its case. */
  readonly name: string;
  /** Read from the issue. @default name */
  readonly inverseName?: string;
  /** Cannot be changed later: figures count by it. @default "general" */
  readonly kind?: RelationKind;
  /** Projects that may use it; null for all. @default null */
  readonly projects?: readonly string[] | null;
}

/** What is absent stays as it is. */
export interface UpdateRelationInput {
  readonly name?: string;
  readonly inverseName?: string;
  readonly enabled?: boolean;
  readonly projects?: readonly string[] | null;
}

export interface RelationsService {
  /** The built-in ones first, then the tenant's own, oldest first. */
  list(request?: PageRequest & { readonly projectId?: string }): Promise<Page<Relation>>;
  get(id: string): Promise<Relation>;
  create(input: CreateRelationInput): Promise<Relation>;
  update(id: string, input: UpdateRelationInput): Promise<Relation>;
  enable(id: string): Promise<Relation>;
  /** References that have it keep it; new ones cannot get it. */
  disable(id: string): Promise<Relation>;
  /** Throws `invalid-input` for a built-in relation and for one that references have: disable those. */
  delete(id: string): Promise<void>;
}
