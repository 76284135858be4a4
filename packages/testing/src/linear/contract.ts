import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSchema, type GraphQLSchema } from "graphql";

const known = new Map<string, GraphQLSchema | null>();

/** Linear's own schema in a folder, read once per process; null where the folder has none. */
export function loadLinearContract(folder: string): GraphQLSchema | null {
  const loaded = known.get(folder);
  if (loaded !== undefined) return loaded;
  const path = join(folder, "schema.graphql");
  const schema = existsSync(path) ? buildSchema(readFileSync(path, "utf8"), { assumeValidSDL: true }) : null;
  known.set(folder, schema);
  return schema;
}
