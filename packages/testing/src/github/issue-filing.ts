import type { IssueFieldValue, RepositoryRecord } from "./model.ts";
import type { World } from "./world.ts";

/** Where somebody files an issue: what its organization and repository offer. */
export interface IssueFiling {
  /** Name of one of the organization's types; null for none. */
  readonly type?: string | null;
  /** Title of one of the repository's milestones; null for none. */
  readonly milestone?: string | null;
  /** By name of the organization's field, an option by its name; null for no value. Fields that are not named stay. */
  readonly fields?: Readonly<Record<string, string | number | null>>;
}

/** Names as ids. A name that is not there throws a `RangeError`. */
export function filingOf(
  { catalog }: World,
  { id, owner }: RepositoryRecord,
  { type, milestone, fields }: IssueFiling,
  before: readonly IssueFieldValue[] = [],
): {
  readonly type: number | null | undefined;
  readonly milestone: number | null | undefined;
  readonly fieldValues: readonly IssueFieldValue[] | undefined;
} {
  const idOf = (found: { readonly id: number } | undefined, what: string): number => {
    if (found === undefined) throw new RangeError(`${owner} has no ${what}`);
    return found.id;
  };
  const typeOf = (name: string) => catalog.typesOf(owner).find((candidate) => candidate.name === name);
  const milestoneOf = (title: string) => catalog.milestonesOf(id).find((candidate) => candidate.title === title);
  const fieldOf = (name: string) => catalog.fieldsOf(owner).find((candidate) => candidate.name === name);
  const named = Object.entries(fields ?? {}).map(
    ([name, value]) => [idOf(fieldOf(name), `field ${name}`), value] as const,
  );
  const kept = before.filter(({ fieldId }) => !named.some(([changed]) => changed === fieldId));
  const added = named.flatMap(([fieldId, value]) => (value === null ? [] : [{ fieldId, value }]));
  return {
    type: type == null ? type : idOf(typeOf(type), `type ${type}`),
    milestone: milestone == null ? milestone : idOf(milestoneOf(milestone), `milestone ${milestone}`),
    fieldValues: fields === undefined ? undefined : [...kept, ...added],
  };
}
