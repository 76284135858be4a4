import type { FieldValue } from "../domain/fields.ts";
import type { IdentityBook } from "../domain/identity-book.ts";
import type { BasePair } from "../storage/rows/link-rows.ts";
import type { FieldCodec, MemberRules } from "./field-codec.ts";
import { asList, sameLists } from "./value-lists.ts";

interface Sides {
  readonly local: FieldValue;
  readonly remote: FieldValue;
  readonly base: BasePair | undefined;
}

/** Someone of the list: the defect's own assignee if they are in it, else the first. */
function preferred(people: readonly string[], local: FieldValue): string | undefined {
  return typeof local === "string" && people.includes(local) ? local : people[0];
}

/**
 * A defect has one assignee, an issue may have several. Whoever both sides agreed on counts as long as they are assigned.
 * After that it is the first, in the tracker's order, of those assigned since, else of those who remain; nobody where none
 * of them is known here.
 */
function countedIn(people: (ids: readonly string[]) => readonly string[], sides: Sides): string | null | undefined {
  const { local, base } = sides;
  const remote = asList(sides.remote);
  const all = people(remote);
  if (base === undefined) return preferred(all, local) ?? (remote.length === 0 ? null : undefined);
  const [before, agreed] = [asList(base.remote), typeof base.local === "string" ? base.local : null];
  if (sameLists(remote, before)) return agreed;
  if (remote.length === 0) return null;
  if (agreed !== null && all.includes(agreed)) return agreed;
  const added = remote.filter((id) => !before.includes(id));
  const newcomer = preferred(people(added), local);
  if (newcomer !== undefined) return newcomer;
  const hasLeft = agreed !== null && people(before).includes(agreed);
  if (hasLeft && all.length > 0) return preferred(all, local);
  if (added.length > 0) return undefined;
  return hasLeft ? null : agreed;
}

function memberRules({ userOf, primaryOf }: IdentityBook, several: boolean): MemberRules {
  const people = (ids: readonly string[]) => ids.flatMap((id) => userOf(id) ?? []);
  return {
    isSingle: !several,
    stands: (local, remote) =>
      local === null ? asList(remote).length === 0 : asList(remote).some((id) => userOf(id) === local),
    counted: (sides) => countedIn(people, sides),
    replace(remote, counted, local) {
      const now = asList(remote);
      if (counted === local) return now;
      const rest = counted === null ? now : now.filter((id) => userOf(id) !== counted);
      if (typeof local !== "string") return rest;
      const isThere = now.some((id) => userOf(id) === local);
      if (isThere) return several ? rest : now.filter((id) => userOf(id) === local);
      const account = primaryOf(local);
      if (account === undefined) return undefined;
      return several ? [...rest, account] : [account];
    },
  };
}

/** @param several true where an issue can have more than one assignee; those who do not count are left alone then */
export function assigneeCodec(identities: IdentityBook, several: boolean): FieldCodec {
  return {
    field: "assignee",
    readRemote: (issue) => issue.assignees.map((person) => person.id),
    toRemote(local) {
      if (typeof local !== "string") return [];
      const account = identities.primaryOf(local);
      return account === undefined ? undefined : [account];
    },
    fromRemote(remote) {
      const ids = asList(remote);
      return ids.length === 0 ? null : ids.flatMap((id) => identities.userOf(id) ?? [])[0];
    },
    sameLocal: (a, b) => a === b,
    sameRemote: sameLists,
    member: memberRules(identities, several),
  };
}
