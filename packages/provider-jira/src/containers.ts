import type { ContainersGroup } from "@backref/core/provider";
import { type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { JiraCall, OpenClient } from "./client.ts";
import { webUrlOf } from "./site.ts";
import type { JiraAuth, JiraOptions } from "./types.ts";

const operation: Operation = { name: "containers.list", isWrite: false };
const projectShape = z.object({ key: z.string(), name: z.string() });
const pageShape = z.object({
  values: z.array(projectShape),
  isLast: z.boolean().nullish(),
  total: z.number().nullish(),
});
const mostResults = 100;

/** Projects that the account may browse. Data Center has no pages of them and no search. */
export function createContainersGroup(open: OpenClient): ContainersGroup<JiraAuth, JiraOptions> {
  return {
    async list(call: JiraCall, { text, limit = mostResults, cursor }) {
      const client = open(call);
      const startAt = /^\d+$/.test(cursor ?? "") ? Number(cursor) : 0;
      const present = ({ key, name }: z.infer<typeof projectShape>) => ({
        container: key,
        name,
        url: `${webUrlOf(call)}/browse/${key}`,
      });
      const isNamed = ({ key, name }: z.infer<typeof projectShape>) =>
        [key, name].some((word) => word.toLowerCase().includes(text.toLowerCase()));
      if (client.deployment === "data-center") {
        const answer = await client.request(operation, "GET", "/project");
        const all = answer.as((data) => parseShape(z.array(projectShape), data, "projects")).filter(isNamed);
        const next = startAt + limit;
        return { items: all.slice(startAt, next).map(present), nextCursor: next < all.length ? String(next) : null };
      }
      const maxResults = Math.min(limit, mostResults);
      const query = { startAt, maxResults, orderBy: "key", ...(text !== "" && { query: text }) };
      const answer = await client.request(operation, "GET", "/project/search", { query });
      const { values, isLast, total } = answer.as((data) => parseShape(pageShape, data, "answer"));
      const next = startAt + values.length;
      const isOver = values.length === 0 || (isLast ?? next >= (total ?? 0));
      return { items: values.filter(isNamed).map(present), nextCursor: isOver ? null : String(next) };
    },
  };
}
