import type { ContainersGroup } from "@backref/core/provider";
import { parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { LinearCall, OpenClient } from "./client.ts";
import { teamsDocument } from "./documents.ts";
import { workspaceUrlOf } from "./site.ts";
import type { LinearAuth, LinearOptions } from "./types.ts";

const operation = { name: "containers.list", isWrite: false };
const usualLimit = 50;

const teamsShape = z.object({
  teams: z.object({
    nodes: z.array(z.object({ key: z.string(), name: z.string() })),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
  }),
});

/** Teams that the credential sees. */
export function createContainersGroup(open: OpenClient): ContainersGroup<LinearAuth, LinearOptions> {
  return {
    async list(call: LinearCall, { text, limit = usualLimit, cursor }) {
      const words = text.trim();
      const matching = { containsIgnoreCase: words };
      const filter = words === "" ? {} : { or: [{ name: matching }, { key: matching }] };
      const variables = { filter, first: Math.min(limit, 250), after: cursor ?? null };
      return open(call).ask(operation, teamsDocument, variables, (data) => {
        const { nodes, pageInfo } = parseShape(teamsShape, data, "data").teams;
        const items = nodes.map(({ key, name }) => ({
          container: key,
          name,
          url: `${workspaceUrlOf(call)}/team/${key}/all`,
        }));
        return { items, nextCursor: pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null };
      });
    },
  };
}
