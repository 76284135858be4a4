import { parseShape } from "@backref/provider-kit";
import { z } from "zod";
import { splitContainer } from "./keys.ts";

const listShape = z.array(z.unknown());

/** A list as REST answers it, its rows not looked at yet. */
export function parseList(data: unknown): readonly unknown[] {
  return parseShape(listShape, data, "list");
}

/** A repository's own address in the API. */
export function repositoryUrl(baseUrl: string, container: string): string {
  const { owner, repo } = splitContainer(container);
  return `${baseUrl}/repos/${encodeURIComponent(owner)}/${encodeURIComponent(repo)}`;
}

/** A time as GitHub's `since` takes it, cut to the second it lies in. */
export function toSeconds(timeMs: number): string {
  return `${new Date(Math.floor(timeMs / 1000) * 1000).toISOString().slice(0, -".000Z".length)}Z`;
}
