import { type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { AzureDevOpsClient } from "./client.ts";
import { projectUnknown } from "./errors.ts";
import { idShape } from "./shapes.ts";
import { segment } from "./site.ts";

/** A value in a query. Whatever is in it stays inside its quotes. */
export function quote(text: string): string {
  return `'${text.replace(/\p{Cc}/gu, " ").replaceAll("'", "''")}'`;
}

export interface Query {
  /** Whose project's queries are asked. The condition may go beyond it. */
  readonly container: string;
  /** In the language of queries (WIQL). */
  readonly where: string;
  readonly order: string;
  readonly limit: number;
}

const resultShape = z.object({ workItems: z.array(z.object({ id: idShape })) });

/** Ids of the items that a query finds, in its order. Times in it have milliseconds. */
export async function findIds(
  client: AzureDevOpsClient,
  operation: Operation,
  { container, where, order, limit }: Query,
): Promise<readonly string[]> {
  const asking: Operation = { ...operation, explain: { 404: projectUnknown(container) } };
  const answer = await client.request(asking, "POST", `/${segment(container)}/_apis/wit/wiql`, {
    query: { timePrecision: true, $top: limit },
    body: { query: `SELECT [System.Id] FROM WorkItems WHERE ${where} ORDER BY ${order}` },
  });
  return answer.as((data) => parseShape(resultShape, data, "answer").workItems.map(({ id }) => id));
}
