import { createGitHubProvider } from "@backref/provider-github";
import { createMemoryStorage } from "@backref/storage-memory";
import {
  createFakeSignIn,
  createSeededRandom,
  createVirtualTime,
  type FakeSignIn,
  type FakeSignInOptions,
  type SignInAuth,
  signInForm,
} from "@backref/testing";
import { createFakeGitHub } from "@backref/testing/github";
import {
  type Actor,
  type BackrefOptions,
  type CredentialVault,
  createBackref,
  type Limits,
  type Storage,
} from "../../src/index.ts";
import type { AuthorizationGroup, Provider, ProviderCall } from "../../src/provider/index.ts";
import { watchWorld } from "./watches.ts";

export const redirectUrl = "https://host.example/backref/signed-in";
export const admin: Actor = { tenantId: "acme", userId: "ann", role: "owner" };

interface TokenAuth {
  readonly type: "token";
  readonly token: string;
}
type Auth = SignInAuth | TokenAuth;
type Method = (call: ProviderCall, ...rest: unknown[]) => unknown;
type SignInProvider = Provider<"github", Auth, unknown> & { readonly authorization: AuthorizationGroup<Auth, unknown> };

/** GitHub as it would be if people signed in there by redirect, with tokens that end and rotate. */
function withSignIn(signIn: FakeSignIn): SignInProvider {
  const inner: Provider = createGitHubProvider();
  const asToken = (call: ProviderCall): ProviderCall => {
    const auth = call.auth as Auth;
    return auth.type === "sign-in" ? { ...call, auth: { type: "token", token: auth.access } } : call;
  };
  const groups = ["connect", "read", "create", "update", "comments", "changes", "labels"] as const;
  const wrapped = groups.map((name) => {
    const methods = Object.entries(inner[name] ?? {}).map(([method, run]: [string, Method]) => [
      method,
      (call: ProviderCall, ...rest: unknown[]) => run(asToken(call), ...rest),
    ]);
    return [name, Object.fromEntries(methods)];
  });
  const description = inner.describe();
  return {
    ...inner,
    ...Object.fromEntries(wrapped),
    id: "github",
    describe: () => ({
      ...description,
      auth: {
        schema: { oneOf: [description.auth.schema, signInForm.schema] },
        parse: (input: unknown) =>
          (input as { type?: unknown } | null)?.type === "sign-in"
            ? signInForm.parse(input)
            : description.auth.parse(input),
      },
    }),
    authorization: signIn.group("github") as unknown as SignInProvider["authorization"],
  } as SignInProvider;
}

export interface SignInWorldOptions {
  readonly signIn?: Omit<FakeSignInOptions, "now" | "delay">;
  /** How long the tracker takes to renew. @default 0 */
  readonly answerAfterMs?: number;
  readonly storage?: (clock: ReturnType<typeof createVirtualTime>["clock"]) => Storage;
  readonly limits?: Partial<Limits>;
  readonly vault?: CredentialVault;
  /** @default true */
  readonly hasKeys?: boolean;
}

/** A host whose people sign in by redirect; as many processes as a test asks for work on one storage. */
export function createSignInWorld(options: SignInWorldOptions = {}) {
  const time = createVirtualTime();
  const { answerAfterMs = 0 } = options;
  const delay = () => (answerAfterMs === 0 ? Promise.resolve() : time.scheduler.sleep(answerAfterMs));
  const signIn = createFakeSignIn({ now: time.now, delay, ...options.signIn });
  const github = createFakeGitHub({
    repositories: ["acme/web"],
    now: time.now,
    delay: (ms) => time.scheduler.sleep(ms),
    webhooks: "manual",
  });
  const storage = options.storage?.(time.clock) ?? createMemoryStorage({ clock: time.clock });
  const provider = withSignIn(signIn);
  const watch = watchWorld();
  watch.plant("the application's secret", signIn.clientSecret);
  watch.plant("the key that seals", Buffer.alloc(32, 7).toString("base64"));
  const plantTokens = () => {
    for (const [number, secret] of signIn.secrets.entries()) watch.plant(`token ${number}`, secret);
  };
  const logs: unknown[] = [];
  const requests: string[] = [];

  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (request.url.startsWith(signIn.origin)) return signIn.fetch(request).finally(plantTokens);
    const token = /^(?:token|bearer) (.*)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
    requests.push(`${request.method} ${token}`);
    const headers = new Headers(request.headers);
    if (signIn.accepts(token)) headers.set("authorization", `token ${github.token}`);
    return github.fetch(new Request(request, { headers }));
  };

  let seed = 1;
  const process = (changes: Partial<Pick<BackrefOptions, "storage" | "clock" | "fetch">> = {}) => {
    seed += 1;
    const keys = { secretKeys: [{ id: "test", key: Buffer.alloc(32, 7).toString("base64") }] };
    const made = createBackref({
      storage: watch.storage(storage),
      providers: [provider],
      ...(options.vault === undefined
        ? keys
        : { credentials: options.vault, ...(options.hasKeys === false ? {} : keys) }),
      clock: time.clock,
      scheduler: time.scheduler,
      random: createSeededRandom(seed),
      fetch,
      limits: options.limits ?? {},
      logger: watch.logger({ log: (level, message, data) => logs.push({ level, message, data }) }),
      ...changes,
    });
    made.on("*", (event) => watch.search(`event ${event.type}`, event));
    return watch.calls("backref", made);
  };
  const backref = process();
  const app = backref.as(admin);
  const targets = [{ projectId: "web", container: "acme/web" }];
  const create = () => app.sources.create({ name: "Ours", provider: "github", targets });

  /** A source whose admin has signed in. */
  const signedIn = async () => {
    await provider.preload?.();
    const { id } = await create();
    const { url } = await app.sources.authorize(id, { redirectUrl });
    return await time.during(app.sources.completeAuthorization(signIn.agree(url)));
  };

  /** Runs passes of some processes at once, moving time along, until nothing is due soon. */
  const settle = async (...processes: readonly { sync: { run(): Promise<{ nextDueAt: number | null }> } }[]) => {
    const all = processes.length === 0 ? [backref] : processes;
    for (let turn = 0; turn < 40; turn += 1) {
      const passes = await time.during(Promise.all(all.map((one) => one.sync.run())));
      const next = passes.map(({ nextDueAt }) => nextDueAt ?? Number.POSITIVE_INFINITY);
      const waitMs = Math.min(...next) - time.now();
      if (waitMs > 5_000) return;
      await time.advance(Math.max(waitMs, 0));
    }
    throw new Error("It did not settle.");
  };

  /** Everything that is stored, shown and told, to look for secrets in. */
  const everythingSaid = async () => {
    const rows = await Promise.all(
      (["source", "secret", "activity"] as const).map((table) =>
        storage.find({ tenantId: "acme" }, { table, by: "all", keys: [[]] }),
      ),
    );
    return JSON.stringify([rows, logs, await app.sources.list(), await app.activity.list()]);
  };
  const sourceRow = async (id: string) =>
    (await storage.find({ tenantId: "acme" }, { table: "source", by: "id", keys: [[id]] }))[0];

  return {
    time,
    signIn,
    github,
    storage,
    provider,
    backref,
    app,
    process,
    create,
    signedIn,
    settle,
    moving: time.during,
    logs,
    requests,
    everythingSaid,
    sourceRow,
    fetch,
    watch,
  };
}

export type SignInWorld = ReturnType<typeof createSignInWorld>;
