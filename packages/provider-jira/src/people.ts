import type { PeopleGroup } from "@backref/core/provider";
import { type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { JiraCall, OpenClient } from "./client.ts";
import { projectUnknown } from "./errors.ts";
import { mapPerson, personShape } from "./map-person.ts";
import type { JiraAuth, JiraOptions } from "./types.ts";

const pageSize = 100;

/** People who can be assigned in the project. Cloud hides addresses of those whose profile says so. */
export function createPeopleGroup(open: OpenClient): PeopleGroup<JiraAuth, JiraOptions> {
  return {
    async search(call: JiraCall, { container, text, limit }) {
      const client = open(call);
      const operation: Operation = {
        name: "people.search",
        isWrite: false,
        explain: { 404: projectUnknown(container) },
      };
      const wanted = text.toLowerCase();
      const found: { id: string; login: string | null; displayName: string; email: string | null }[] = [];
      const words = text === "" ? {} : client.deployment === "cloud" ? { query: text } : { username: text };
      for (let startAt = 0; found.length < limit; startAt += pageSize) {
        const query = { project: container, ...words, startAt, maxResults: pageSize };
        const answer = await client.request(operation, "GET", "/user/assignable/search", { query });
        const people = answer.as((data) => parseShape(z.array(personShape), data, "people"));
        for (const person of people) {
          const mapped = mapPerson(person);
          // Jira looks into addresses as well, which are hidden here.
          const isNamed = [mapped.login, mapped.displayName].some((name) => name?.toLowerCase().includes(wanted));
          if (isNamed) found.push({ ...mapped, email: person.emailAddress ?? null });
        }
        if (people.length < pageSize) break;
      }
      return found.slice(0, limit);
    },
  };
}
