import { type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import { type AzureDevOpsClient, valuesOf } from "./client.ts";
import { segment } from "./site.ts";

/** Where work items of a project can stand: paths such as `Web\Checkout`, the project's own first. */
export interface Classification {
  readonly areas: readonly string[];
  readonly iterations: readonly string[];
}

const deepest = 14;
/** Beyond it nobody chooses from a list. */
const mostPaths = 2_000;

interface Node {
  readonly name: string;
  readonly structureType: string;
  readonly children: readonly Node[];
}

const nodeShape: z.ZodType<Node> = z.object({
  name: z.string(),
  structureType: z.string().catch(""),
  get children() {
    return z
      .array(nodeShape)
      .nullish()
      .transform((children) => children ?? []);
  },
}) as z.ZodType<Node>;

export async function readClassification(
  client: AzureDevOpsClient,
  operation: Operation,
  container: string,
): Promise<Classification> {
  const path = `/${segment(container)}/_apis/wit/classificationnodes`;
  const answer = await client.request(operation, "GET", path, { query: { $depth: deepest } });
  const roots = answer.as((data) => valuesOf(data).map((row) => parseShape(nodeShape, row, "node")));
  const pathsOf = (kind: string) =>
    roots
      .filter(({ structureType }) => structureType === kind)
      .flatMap((root) => below(root, root.name))
      .slice(0, mostPaths);
  return { areas: pathsOf("area"), iterations: pathsOf("iteration") };
}

function below({ children }: Node, path: string): readonly string[] {
  return [path, ...children.flatMap((child) => below(child, `${path}\\${child.name}`))];
}
