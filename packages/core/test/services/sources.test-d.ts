import type { Provider } from "../../src/provider/provider.ts";
import type { CreateSourceInput } from "../../src/services/source-input-types.ts";
import type { Source, SourcesService } from "../../src/services/sources-types.ts";
import type { ShelfTracker } from "../support/shelf-tracker.ts";
import type { createToyProvider } from "../support/toy-provider.ts";

type Providers = readonly [ShelfTracker["provider"], ReturnType<typeof createToyProvider>];

/** Never executed: it must compile, and every line below an `@ts-expect-error` must not. */
export async function typesOfSources(
  sources: SourcesService<Providers>,
  anySources: SourcesService,
  signedIn: SourcesService<readonly [ShelfTracker["provider"] & { readonly authorization: object }]>,
  fromScreen: unknown,
): Promise<void> {
  await sources.create({ name: "A", provider: "shelf", auth: { token: "t" } });
  await sources.create({ name: "A", provider: "shelf", auth: { token: "t" }, options: { color: "blue" } });
  await sources.create({ name: "B", provider: "toy", auth: null, targets: [{ projectId: "web", container: "a" }] });
  // What takes no credential is given none.
  await sources.create({ name: "B", provider: "toy" });

  // @ts-expect-error unknown provider
  await sources.create({ name: "A", provider: "trac", auth: { token: "t" } });
  // @ts-expect-error auth of another provider
  await sources.create({ name: "A", provider: "shelf", auth: null });
  // @ts-expect-error wrong type in auth
  await sources.create({ name: "A", provider: "shelf", auth: { token: 1 } });
  // @ts-expect-error a credential where none is taken
  await sources.create({ name: "B", provider: "toy", auth: { token: "t" } });
  // @ts-expect-error auth is missing
  await sources.create({ name: "A", provider: "shelf" });
  // @ts-expect-error unknown option
  await sources.create({ name: "A", provider: "shelf", auth: { token: "t" }, options: { colour: "blue" } });
  // @ts-expect-error a target needs a container
  await sources.create({ name: "A", provider: "toy", auth: null, targets: [{ projectId: "web" }] });
  // @ts-expect-error a provider cannot be changed
  await sources.update("id", { provider: "toy" });
  // @ts-expect-error auth of no provider
  await sources.update("id", { auth: { password: "x" } });

  const source = await sources.get("id");
  // @ts-expect-error a returned source has no secrets
  void source.auth;

  // Where people sign in by redirect, the credential may come later.
  await signedIn.create({ name: "A", provider: "shelf" });
  await signedIn.create({ name: "A", provider: "shelf", auth: { token: "t" } });
  // @ts-expect-error if it comes, it is whole
  await signedIn.create({ name: "A", provider: "shelf", auth: {} });
  const { url, expiresAt } = await signedIn.authorize("id", { redirectUrl: "https://host.example/" });
  const back: Source = await signedIn.completeAuthorization(new URL(url));
  await signedIn.completeAuthorization({ code: "c", state: "s", error: undefined });
  // @ts-expect-error it says where to come back to
  await signedIn.authorize("id");
  void [back, expiresAt];

  // A host that knows its providers at run time only gives plain JSON.
  await anySources.create({ name: "A", provider: "anything", auth: fromScreen });
  const general: CreateSourceInput<readonly Provider[]> = { name: "A", provider: "anything", auth: fromScreen };
  await anySources.create(general);
}
