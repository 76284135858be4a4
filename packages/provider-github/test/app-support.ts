import type { CreateIssueRequest } from "@backref/core/provider";
import { createAppKeys, type FakeGitHubOptions, type InstallationOptions } from "@backref/testing/github";
import type { GitHubCall } from "../src/client.ts";
import type { GitHubAppAuth } from "../src/index.ts";
import { setUp } from "./support.ts";

const keys = createAppKeys();

export type AppOptions = FakeGitHubOptions & { readonly installation?: Partial<InstallationOptions> };

/** As `setUp`, with calls of an app that is installed at acme. Its account is `tests-sync[bot]`. */
export function setUpApp({ installation, ...options }: AppOptions = {}) {
  const world = setUp(options);
  const app = world.fake.apps.create({ name: "tests-sync", keys });
  const installationId = world.fake.apps.install(app.id, { account: "acme", ...installation });
  const auth: GitHubAppAuth = {
    type: "app",
    appId: String(app.id),
    privateKey: app.privateKey,
    installationId: String(installationId),
  };
  const appCall = (changes: Partial<GitHubCall> & { readonly auth?: GitHubAppAuth } = {}): GitHubCall =>
    world.callWith({ auth, ...changes });
  const { connect } = world.provider;
  if (connect === undefined) throw new Error("The provider has no group connect.");
  return { ...world, app, installationId, auth, connect, appCall, call: appCall() };
}

/** A new issue without anything special. */
export const newIssue: CreateIssueRequest = {
  container: "acme/web",
  title: "Title",
  body: "Body",
  token: "br-token",
  labels: [],
  priority: null,
  type: null,
  assigneeIds: [],
  fields: {},
};

export const minting = "POST /app/installations/{installation_id}/access_tokens";
