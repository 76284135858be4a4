import type { PeopleGroup } from "@backref/core/provider";
import { parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { LinearCall, OpenClient } from "./client.ts";
import { probeDocument, usersDocument } from "./documents.ts";
import { type Operation, unknownTeam } from "./errors.ts";
import { mapPerson, personShape } from "./map-person.ts";
import type { LinearAuth, LinearOptions } from "./types.ts";

const operation: Operation = { name: "people.search", isWrite: false };
const mostPeople = 100;

const usersShape = z.object({ users: z.object({ nodes: z.array(z.unknown()) }) });
const userShape = z.object({ email: z.string().nullish(), isAssignable: z.boolean().nullish() });
const teamsShape = z.object({ teams: z.object({ nodes: z.array(z.unknown()) }) });

export function createPeopleGroup(open: OpenClient): PeopleGroup<LinearAuth, LinearOptions> {
  return {
    /** Issues of a team can be assigned to anybody of the workspace who can see it, so the team is only looked for. */
    async search(call: LinearCall, { container, text, limit }) {
      const client = open(call);
      const words = text.trim();
      const matching = { containsIgnoreCase: words };
      const filter = {
        active: { eq: true },
        ...(words !== "" && { or: [{ name: matching }, { displayName: matching }, { email: matching }] }),
      };
      const team = await client.ask(operation, probeDocument, { key: container }, (data) =>
        parseShape(teamsShape, data, "data"),
      );
      if (team.teams.nodes.length === 0) throw unknownTeam(operation, container);
      return client.ask(operation, usersDocument, { filter, first: Math.min(limit, mostPeople) }, (data) =>
        parseShape(usersShape, data, "data").users.nodes.flatMap((node) => {
          const { email, isAssignable } = parseShape(userShape, node, "user");
          if (isAssignable === false) return [];
          return [{ ...mapPerson(parseShape(personShape, node, "user")), email: email ?? null }];
        }),
      );
    },
  };
}
