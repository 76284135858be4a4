import { type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { GitHubAppCall } from "./app-call.ts";
import type { GitHubClient } from "./client.ts";
import { pageOf, webUrlOf } from "./site.ts";

/** What GitHub says about an installation to its app. */
export interface Installation {
  /** The app's name in addresses. */
  readonly slug: string;
  /** Login of who has installed it; null where GitHub does not say. */
  readonly owner: string | null;
  /** By GitHub's names, such as `issues`: `read` or `write`. */
  readonly permissions: Readonly<Record<string, string>>;
  readonly selection: "all" | "selected";
  /** Where its settings are, in words that follow "at" or "in". */
  readonly settings: string;
}

const installationShape = z.object({
  app_slug: z.string(),
  account: z.object({ login: z.string().nullish() }).nullish(),
  permissions: z.record(z.string(), z.string()).nullish(),
  repository_selection: z.string().nullish(),
  html_url: z.string().nullish(),
});

/** Also proves that the installation is this app's: nobody else is told. @param client asks as the app itself */
export async function readInstallation(
  call: GitHubAppCall,
  client: GitHubClient,
  operation: Operation,
): Promise<Installation> {
  const answer = await client.request(operation, "GET /app/installations/{installationId}", {
    installationId: call.auth.installationId,
  });
  const found = answer.as((data) => parseShape(installationShape, data, "installation"));
  const page = pageOf(webUrlOf(call), found.html_url ?? undefined);
  return {
    slug: found.app_slug,
    owner: found.account?.login ?? null,
    permissions: found.permissions ?? {},
    selection: found.repository_selection === "selected" ? "selected" : "all",
    settings: page === null ? "in the installation's settings" : `at ${page}`,
  };
}
