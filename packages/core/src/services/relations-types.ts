import type { Page, PageRequest } from "../domain/page.ts";
import type { Relation, RelationKind } from "../domain/relations.ts";

/** A new relation of the tenant's own. */
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

/** What is to change of a relation. What is absent stays as it is. */
export interface UpdateRelationInput {
  readonly name?: string;
  readonly inverseName?: string;
  readonly enabled?: boolean;
  readonly projects?: readonly string[] | null;
}

/** What references can mean: the built-in relations and the tenant's own. */
export interface RelationsService {
  /** The built-in ones first, then the tenant's own, oldest first. */
  list(request?: PageRequest & { readonly projectId?: string }): Promise<Page<Relation>>;
  /** One relation, built-in or the tenant's own, switched on or off. @throws BackrefError `not-found` */
  get(id: string): Promise<Relation>;
  /** Makes a relation. @throws BackrefError `invalid-input` for a name that another has, whatever its case */
  create(input: CreateRelationInput): Promise<Relation>;
  /** Changes what is given; references that have it show it at once. */
  update(id: string, input: UpdateRelationInput): Promise<Relation>;
  /** New references can get it again. */
  enable(id: string): Promise<Relation>;
  /** References that have it keep it; new ones cannot get it. */
  disable(id: string): Promise<Relation>;
  /**
   * Removes a relation that no reference has, or gives its references another one first: that of `reassignTo`. Its object
   * may have such a reference to the issue already; that one stays then, and the other goes.
   *
   * The relation is switched off before anything else, so that no new references come, and then its references change in
   * many small steps. Where the process dies in between, the same call goes on with what is left.
   * @throws BackrefError `invalid-input` for a built-in relation, for one that references have where no other is named, and for a
   * `reassignTo` that is switched off, of the other kind, or out of reach of a project with such references.
   * @throws BackrefError `permission-denied` where such references are in projects in which the actor may not edit any.
   */
  delete(id: string, options?: { readonly reassignTo?: string }): Promise<void>;
}
