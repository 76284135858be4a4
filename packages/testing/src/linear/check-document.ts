import { GraphQLError, type GraphQLSchema, parse, validate } from "graphql";
import { loadLinearContract } from "./contract.ts";
import { linearSchema } from "./schema.ts";

/**
 * What is wrong with a GraphQL document, in words; nothing where it is sound.
 * @param contractFolder with Linear's `schema.graphql`. @default held against what the fake answers
 */
export function checkLinearDocument(source: string, contractFolder?: string): readonly string[] {
  const schema: GraphQLSchema | null =
    contractFolder === undefined ? linearSchema() : loadLinearContract(contractFolder);
  if (schema === null) return [`There is no schema.graphql in ${contractFolder}`];
  try {
    return validate(schema, parse(source)).map(({ message }) => message);
  } catch (error) {
    if (error instanceof GraphQLError) return [error.message];
    throw error;
  }
}
