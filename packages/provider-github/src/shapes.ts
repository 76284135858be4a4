import { parseShape } from "@backref/provider-kit";
import { z } from "zod";
import { concernsOneItem, type GraphqlProblem } from "./errors.ts";

/** Milliseconds since 1970 UTC from GitHub's ISO 8601 times. */
export const timeShape: z.ZodType<number> = z.string().transform(Date.parse).pipe(z.number());

/** Numeric ids; larger ones than a double holds arrive as `bigint`. */
export const idShape: z.ZodType<string> = z.union([z.number(), z.bigint(), z.string()]).transform(String);

const graphqlBodyShape = z.object({
  data: z.unknown().optional(),
  errors: z
    .array(
      z.object({
        type: z.string().nullish(),
        message: z.string().catch("an error without words"),
        path: z.array(z.union([z.string(), z.number()])).nullish(),
        extensions: z.object({ code: z.string().nullish() }).nullish().catch(null),
      }),
    )
    .nullish(),
});

/** The data, and the errors that it does not explain by nulls of its own. */
export function parseGraphqlBody(body: unknown): {
  readonly data: unknown;
  readonly problems: readonly GraphqlProblem[];
} {
  const { data, errors } = parseShape(graphqlBodyShape, body, "body");
  const problems = (errors ?? []).map(
    ({ type, message, path, extensions }): GraphqlProblem => ({
      type: type ?? null,
      code: extensions?.code ?? null,
      message,
      path: path ?? [],
    }),
  );
  const isUsable = data !== null && data !== undefined;
  return { data, problems: problems.filter((problem) => !isUsable || !concernsOneItem(problem)) };
}
