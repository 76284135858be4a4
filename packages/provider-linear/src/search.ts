import type { SearchGroup } from "@backref/core/provider";
import { parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { LinearCall, OpenClient } from "./client.ts";
import { searchDocument } from "./documents.ts";
import { mapIssue } from "./map-issue.ts";
import type { LinearAuth, LinearOptions } from "./types.ts";

const operation = { name: "issue.search", isWrite: false };
const mostIssues = 50;

const resultShape = z.object({ searchIssues: z.object({ nodes: z.array(z.unknown()) }) });

export function createSearchGroup(open: OpenClient): SearchGroup<LinearAuth, LinearOptions> {
  return {
    /** Linear has no language of queries here: the text is a variable of its own. */
    issues: (call: LinearCall, { containers, text, limit }) =>
      open(call).ask(
        operation,
        searchDocument,
        {
          term: text,
          filter: containers.length === 0 ? {} : { team: { key: { in: containers } } },
          first: Math.min(limit, mostIssues),
        },
        (data) =>
          parseShape(resultShape, data, "data")
            .searchIssues.nodes.map(mapIssue)
            .flatMap(({ issue, isTrashed }) => (isTrashed ? [] : [issue])),
      ),
  };
}
