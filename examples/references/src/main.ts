/**
 * Issues where the tests are: test objects are linked to issues that exist, and show their status and assignee. Nothing at
 * the tracker is changed.
 *
 *     pnpm demo:references [issue …]      keys or URLs, as people paste them
 *
 * Exit code 0: shown. 2: something has to be put right before it can begin.
 */
import { BackrefError, createBackref, generateSecretKey, type Reference } from "@backref/core";
import { createGitHubProvider } from "@backref/provider-github";
import { createMemoryStorage } from "@backref/storage-memory";
import { chooseTracker, type Tracker, UsageError } from "./tracker.ts";

const projectId = "shop";

/** What a host writes. */
async function run(tracker: Tracker): Promise<void> {
  let requestCount = 0;
  const backref = createBackref({
    storage: createMemoryStorage(), // a host keeps it: createPostgresStorage({ pool })
    providers: [createGitHubProvider()],
    secretKeys: [{ id: "demo", key: generateSecretKey() }],
    allowPrivateAddresses: tracker.isPrivateAddress,
    fetch: (input, init) => {
      requestCount += 1;
      return tracker.fetch(input, init);
    },
  });

  // An admin, once.
  const admin = backref.as({ tenantId: "acme", userId: "olga", role: "admin" });
  const source = await admin.sources.create({
    name: "Our GitHub",
    provider: "github",
    baseUrl: tracker.baseUrl,
    auth: { type: "token", token: tracker.token },
    targets: [{ projectId, container: tracker.repository }],
    features: ["link", "read"], // shown, and never changed
  });
  const { ok, problems } = await admin.sources.test(source.id);
  if (!ok) throw new UsageError(["GitHub cannot be used like this.", ...problems].join("\n- "));

  // A tester links a test case and a run to each issue; what is pasted says where it is.
  const tester = backref.as({ tenantId: "acme", userId: "max", projects: { [projectId]: "member" } });
  const outcomes = await tester.references.addMany(
    tracker.issues.flatMap((issue, index) => [
      { object: { type: "test-case", id: `TC-${index + 1}`, projectId }, issue, relation: "defect" },
      { object: { type: "test-run", id: "R-1", projectId }, issue, relation: "relates-to" },
    ]),
  );
  for (const outcome of outcomes) if (!outcome.ok) throw outcome.error;

  // Anybody in the project sees them, from the cache.
  const viewer = backref.as({ tenantId: "acme", userId: "vera", projects: { [projectId]: "viewer" } });
  const show = async (when: string) => {
    const { items } = await viewer.references.list({ projectId });
    console.log(`\n${when} (${requestCount} requests so far)`);
    console.table(items.map(rowOf));
  };
  await show("Linked");

  // Somebody works at the tracker, and the run is refreshed: one request for up to a hundred issues.
  tracker.work?.();
  const { read, changed, requests } = await tester.issues.refresh({ object: { type: "test-run", id: "R-1" } });
  console.log(`\nRefreshed ${read} issues with ${requests} request; ${changed} had changed.`);
  await show("Refreshed");
  await backref.close();
}

function rowOf({ object, relation, issue }: Reference) {
  return {
    object: `${object.type} ${object.id}`,
    relation: relation.name,
    issue: issue.key,
    title: issue.title,
    status: issue.status?.name,
    assignee: issue.assignee?.displayName ?? "",
  };
}

/** What people can put right is told in a sentence; anything else is a fault of the program and shows its stack. */
function explain(error: unknown): void {
  if (!(error instanceof UsageError) && !BackrefError.isInstance(error)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

try {
  const tracker = chooseTracker(process.env, process.argv.slice(2));
  console.log(`With ${tracker.description}, repository ${tracker.repository}.`);
  await run(tracker);
} catch (error) {
  explain(error);
}
