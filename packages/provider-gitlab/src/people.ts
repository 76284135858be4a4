import type { PeopleGroup, RemotePerson } from "@backref/core/provider";
import { type Operation, parseShape } from "@backref/provider-kit";
import type { GitLabCall, OpenClient } from "./client.ts";
import { projectUnknown } from "./errors.ts";
import { projectAddress } from "./keys.ts";
import { listPages } from "./list-pages.ts";
import { mapPerson, personShape } from "./map-person.ts";
import type { GitLabAuth, GitLabOptions } from "./types.ts";

/** Members of the project and of the groups above it. GitLab tells administrators alone their addresses. */
export function createPeopleGroup(open: OpenClient): PeopleGroup<GitLabAuth, GitLabOptions> {
  return {
    async search(call: GitLabCall, { container, text, limit }) {
      const operation: Operation = {
        name: "people.search",
        isWrite: false,
        explain: { 404: projectUnknown(container) },
      };
      const wanted = text.toLowerCase();
      const isNamed = ({ login, displayName }: RemotePerson) =>
        [login, displayName].some((name) => name?.toLowerCase().includes(wanted));
      const found = new Map<string, RemotePerson & { readonly email: null }>();
      const path = `${projectAddress(container)}/members/all`;
      const query = { query: text === "" ? null : text };
      const read = (row: unknown) => mapPerson(parseShape(personShape, row, "member"));
      for await (const rows of listPages(open(call), operation, path, query, read)) {
        // Whoever is a member in several ways stands there several times.
        for (const person of rows.filter(isNamed)) found.set(person.id, { ...person, email: null });
        if (found.size >= limit) break;
      }
      return [...found.values()].slice(0, limit);
    },
  };
}
