import type { ContainersGroup } from "@backref/core/provider";
import { type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { GitLabCall, OpenClient } from "./client.ts";
import { parseList } from "./list-pages.ts";
import { webUrlOf } from "./site.ts";
import type { GitLabAuth, GitLabOptions } from "./types.ts";

const operation: Operation = { name: "containers.list", isWrite: false };
const projectShape = z.object({ path_with_namespace: z.string(), name_with_namespace: z.string() });
const usualLimit = 50;
const largestPage = 100;
/** GitLab looks for parts of names from this length on, and for whole names below it. */
const shortestSearch = 3;

/** Projects of which the account is a member and that take issues. */
export function createContainersGroup(open: OpenClient): ContainersGroup<GitLabAuth, GitLabOptions> {
  return {
    async list(call: GitLabCall, { text, limit = usualLimit, cursor }) {
      const words = text.trim().toLowerCase();
      const page = /^[1-9]\d*$/.test(cursor ?? "") ? Number(cursor) : 1;
      const query = {
        membership: true,
        archived: false,
        with_issues_enabled: true,
        order_by: "id",
        sort: "asc",
        search: words.length < shortestSearch ? null : words,
        search_namespaces: words.length < shortestSearch ? null : true,
        per_page: Math.min(limit, largestPage),
        page,
      };
      const answer = await open(call).request(operation, "GET", "/projects", { query });
      const projects = answer.as((data) => parseList(data).map((row) => parseShape(projectShape, row, "project")));
      const items = projects
        .map(({ path_with_namespace: container, name_with_namespace: name }) => ({ container, name }))
        .filter((project) => Object.values(project).some((value) => value.toLowerCase().includes(words)))
        .map((project) => ({ ...project, url: `${webUrlOf(call)}/${project.container}` }));
      return { items, nextCursor: answer.nextPage === null ? null : String(answer.nextPage) };
    },
  };
}
