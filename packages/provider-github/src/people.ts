import type { PeopleGroup } from "@backref/core/provider";
import { type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { GitHubCall, OpenClient } from "./client.ts";
import { missingRepository } from "./errors.ts";
import { splitContainer } from "./keys.ts";
import { graphqlPersonShape, mapGraphqlPerson } from "./map-person.ts";
import type { GitHubAuth, GitHubOptions } from "./types.ts";

const operation: Operation = { name: "people.search", isWrite: false };
const mostPeople = 100;

/** GitHub itself looks for the text in logins and names. Addresses need a further scope and are not asked for. */
const document = `query people($owner: String!, $name: String!, $text: String, $limit: Int!) {
  repository(owner: $owner, name: $name) {
    assignableUsers(first: $limit, query: $text) { nodes { __typename login databaseId name avatarUrl } }
  }
}`;

const answerShape = z.object({
  repository: z.object({ assignableUsers: z.object({ nodes: z.array(z.unknown()) }) }).nullish(),
});
const profileShape = z.object({ name: z.string().nullish(), avatarUrl: z.string().nullish() });

export function createPeopleGroup(open: OpenClient): PeopleGroup<GitHubAuth, GitHubOptions> {
  return {
    async search(call: GitHubCall, { container, text, limit }) {
      const { owner, repo: name } = splitContainer(container);
      const words = text.trim();
      const variables = { owner, name, text: words === "" ? null : words, limit: Math.min(limit, mostPeople) };
      const answer = await open(call).query(operation, document, variables);
      const people = answer.as((data) => {
        const { repository } = parseShape(answerShape, data, "data");
        return repository?.assignableUsers.nodes.map((node) => {
          const person = mapGraphqlPerson(parseShape(graphqlPersonShape, node, "person"));
          const { name: fullName, avatarUrl = null } = parseShape(profileShape, node, "person");
          return { ...person, displayName: fullName || person.displayName, avatarUrl, email: null };
        });
      });
      if (people === undefined) throw missingRepository(operation, container);
      return people;
    },
  };
}
