import type { PeopleGroup, RemotePerson } from "@backref/core/provider";
import { type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { OpenClient, RedmineCall } from "./client.ts";
import { projectUnknown } from "./errors.ts";
import { projectAddress } from "./keys.ts";
import { listPages } from "./list-pages.ts";
import { mapPerson } from "./map-person.ts";
import { namedShape } from "./shapes.ts";
import type { RedmineAuth, RedmineOptions } from "./types.ts";

/** Members that are no people are groups. */
const memberShape = z.object({ user: namedShape.nullish() });

/** Members of the project. Redmine tells administrators alone their logins and addresses. */
export function createPeopleGroup(open: OpenClient): PeopleGroup<RedmineAuth, RedmineOptions> {
  return {
    async search(call: RedmineCall, { container, text, limit }) {
      const operation: Operation = { name: "people.search", isWrite: false, explain: projectUnknown(container) };
      const wanted = text.toLowerCase();
      const found: (RemotePerson & { readonly email: null })[] = [];
      const path = `${projectAddress(container)}/memberships`;
      const read = (row: unknown) => parseShape(memberShape, row, "member").user ?? null;
      for await (const rows of listPages(open(call), operation, path, {}, read)) {
        const people = rows.filter((user) => user?.name.toLowerCase().includes(wanted)).filter((user) => user !== null);
        found.push(...people.map((user) => ({ ...mapPerson(user), email: null })));
        if (found.length >= limit) break;
      }
      return found.slice(0, limit);
    },
  };
}
