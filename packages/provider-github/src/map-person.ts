import type { RemotePerson } from "@backref/core/provider";
import { z } from "zod";
import { idShape } from "./shapes.ts";

export interface RestPerson {
  readonly id: string;
  readonly login: string;
  readonly name?: string | null | undefined;
}

export interface GraphqlPerson {
  readonly __typename: string;
  readonly login: string;
  readonly databaseId?: number | null | undefined;
}

export const restPersonShape: z.ZodType<RestPerson> = z.object({
  id: idShape,
  login: z.string(),
  name: z.string().nullish(),
});

export const graphqlPersonShape: z.ZodType<GraphqlPerson> = z.object({
  __typename: z.string(),
  login: z.string(),
  databaseId: z.number().nullish(),
});

/** The same person has the same id, login and name by both APIs, so snapshots of either compare equal. */
export function mapRestPerson(person: RestPerson): RemotePerson {
  return { id: person.id, login: person.login, displayName: person.login };
}

export function mapGraphqlPerson(person: GraphqlPerson): RemotePerson {
  // REST writes the login of a bot with a suffix, GraphQL without.
  const isBot = person.__typename === "Bot" && !person.login.endsWith("[bot]");
  const login = isBot ? `${person.login}[bot]` : person.login;
  return { id: String(person.databaseId ?? login), login, displayName: login };
}
