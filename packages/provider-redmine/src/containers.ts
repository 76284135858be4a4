import type { ContainersGroup } from "@backref/core/provider";
import { type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import { requireKnownKey } from "./accepted-key.ts";
import type { OpenClient, RedmineCall } from "./client.ts";
import { projectAddress } from "./keys.ts";
import { pageSize, readPage } from "./list-pages.ts";
import type { RedmineAuth, RedmineOptions } from "./types.ts";

const operation: Operation = { name: "containers.list", isWrite: false };
const projectShape = z.object({ identifier: z.string(), name: z.string(), status: z.number().nullish() });
const usualLimit = 50;
/** https://www.redmine.org/projects/redmine/wiki/Rest_Projects */
const activeStatus = 1;

/** Projects that the account sees and that are not closed. */
export function createContainersGroup(open: OpenClient): ContainersGroup<RedmineAuth, RedmineOptions> {
  return {
    async list(call: RedmineCall, { text, limit = usualLimit, cursor }) {
      const words = text.trim().toLowerCase();
      const offset = /^[1-9]\d{0,8}$/.test(cursor ?? "") ? Number(cursor) : 0;
      const query = { offset, limit: Math.min(limit, pageSize) };
      const read = (row: unknown) => parseShape(projectShape, row, "project");
      const client = open(call);
      await requireKnownKey(client, operation);
      const { rows, nextOffset } = await readPage(client, operation, "/projects", query, read);
      const items = rows
        .filter(({ status }) => (status ?? activeStatus) === activeStatus)
        .map(({ identifier, name }) => ({ container: identifier, name }))
        .filter((project) => Object.values(project).some((value) => value.toLowerCase().includes(words)))
        .map((project) => ({ ...project, url: `${call.baseUrl}${projectAddress(project.container)}` }));
      return { items, nextCursor: nextOffset === null ? null : String(nextOffset) };
    },
  };
}
