import type { JsonObject, JsonValue } from "../domain/json.ts";
import type { SyncMappingInput } from "../domain/mapping.ts";
import type { Page, PageRequest } from "../domain/page.ts";
import type { SourceFeature } from "../domain/source-features.ts";
import type { MappingProblem } from "../mapping/check-mapping.ts";
import type { ConnectionReport } from "../provider/groups/connect.ts";
import type { Provider } from "../provider/provider.ts";
import type { SourceHealth } from "../storage/rows/source-rows.ts";
import type { CreateSourceInput, UpdateSourceInput } from "./source-input-types.ts";
import type { PreviewRequest, SourcePreview } from "./source-preview-types.ts";

/** Where a project's defects go, as it is stored. */
export interface Target {
  readonly id: string;
  readonly projectId: string;
  readonly container: string;
  readonly issueType: string | null;
  readonly defaults: JsonObject;
  readonly mapping: SyncMappingInput;
  /**
   * Fields that the tracker requires of new issues and `defaults` does not answer, as far as is known: a push that does not give
   * them is refused. Null for none.
   */
  readonly requiredFieldsMissing: readonly { readonly id: string; readonly name: string }[] | null;
  /** Defaults that the stored create form does not know or does not take, in words. Nothing of it keeps them from being saved. */
  readonly defaultWarnings: readonly { readonly field: string; readonly message: string }[];
}

/** Certificate authorities that are trusted for one source besides the usual ones. */
export interface SourceCertificate {
  readonly pem: string;
  /** Of each, for example `CN=Example Root CA, O=Example`. */
  readonly subjects: readonly string[];
  /** When the first of them ends, milliseconds since 1970 UTC. */
  readonly expiresAt: number;
  /** In words, once that is within `limits.credentialWarningMs`; null until then. */
  readonly warning: string | null;
}

/** Changes at a tracker that wait for `sources.confirmChanges` or `sources.declineChanges`. */
export interface HeldChanges {
  /** Milliseconds since 1970 UTC. */
  readonly since: number;
  /** In words, and what to do. */
  readonly reason: string;
  /** How many links wait so far, counted to 1,000 at most. `sources.preview` says what would change. */
  readonly links: number;
}

/** What becomes of changes that are not wanted: the defects' values go to the tracker, or both sides stay as they are. */
export interface DeclineChangesRequest {
  /** `defects`: their values go to the tracker. `apart`: nothing is sent either way. */
  readonly keep: "defects" | "apart";
}

/** One configured tracker instance. Never has a secret in it. Times are milliseconds since 1970 UTC. */
export interface Source {
  readonly id: string;
  readonly name: string;
  readonly provider: string;
  readonly baseUrl: string;
  /** Null where there is none, and for those who may not change the source. */
  readonly caCertificate: SourceCertificate | null;
  /** Without fields that the provider's form marks `writeOnly`. */
  readonly options: JsonValue;
  /** Whose credential it is; null until first tested or used. */
  readonly account: { readonly id: string; readonly name: string | null } | null;
  /** Containers that references may point to; null for any that the credential reads. */
  readonly containers: readonly string[] | null;
  /** Projects that may use it; null for all. */
  readonly projects: readonly string[] | null;
  /** What it is used for now. */
  readonly features: readonly SourceFeature[];
  /** Milliseconds; null for `limits.issueMaxAgeMs`. */
  readonly issueMaxAgeMs: number | null;
  /** Null for `limits.bulkGuardChanges`. */
  readonly bulkGuardChanges: number | null;
  /** More came in at once than may without a yes: what would change since then waits. Null while nothing does. */
  readonly held: HeldChanges | null;
  /** Those of projects the actor can see. */
  readonly targets: readonly Target[];
  readonly mapping: SyncMappingInput;
  /** Grows with every change of a mapping. */
  readonly mappingVersion: number;
  /**
   * What is worth knowing about the mappings of the source and of the targets shown, in words. Nothing of it keeps them from
   * being saved; what does is thrown as `mapping-invalid`.
   */
  readonly mappingWarnings: readonly MappingProblem[];
  readonly enabled: boolean;
  readonly health: {
    readonly status: SourceHealth;
    /** In words, and what to do; null while all is well. */
    readonly reason: string | null;
    /** Milliseconds since 1970 UTC. */
    readonly since: number;
    /** When a rate limit ends, milliseconds since 1970 UTC; null unless rate limited. */
    readonly until: number | null;
  };
  /** When a person has to replace it, milliseconds since 1970 UTC; null for never, unknown, or one that renews itself. */
  readonly credentialExpiresAt: number | null;
  /** In words, once the credential ends within `limits.credentialWarningMs`; null until then. */
  readonly credentialWarning: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A webhook that Backref has set up at the tracker. */
export interface WebhookRegistration {
  /** Null for a hook of the whole source. */
  readonly container: string | null;
  /** The tracker's id of it. */
  readonly hookId: string;
  /** Milliseconds since 1970 UTC; null for never. Backref extends it in time. */
  readonly expiresAt: number | null;
  /** Why it could not be extended, in words; it is tried again every hour. Null while all is well. */
  readonly trouble: string | null;
}

/** What became of failed deliveries of one webhook. */
export interface WebhookRedelivery {
  /** Null for a hook of the whole source, or of an app. */
  readonly container: string | null;
  /** How many deliveries the tracker was asked to send again; null where it has no hook of ours or does not let us look. */
  readonly asked: number | null;
}

/** The redirect after a sign-in: its whole URL, or its query as text, as `URLSearchParams`, or as a plain object. */
export type RedirectInput = string | URL | URLSearchParams | Readonly<Record<string, string | undefined>>;

/**
 * Configured trackers: who they are, what they are used for, and whether they work. Secrets go in and never come out.
 */
export interface SourcesService<Providers extends readonly Provider[] = readonly Provider[]> {
  /**
   * Stores a source with its credential sealed. Nothing is sent to the tracker; `test` does that. Where the provider takes
   * null, `auth` may be left out, and nothing is sealed. Where it offers sign-in by redirect, `auth` may be left out as well:
   * the source then waits for `authorize`, `reconnect-required`.
   * @throws BackrefError `provider-unknown`, `invalid-input`, `container-not-allowed`, `mapping-invalid`, `credentials-missing` (no key
   * to seal with), `not-found` or `permission-denied`.
   * @example
   * ```ts
   * import type { Backref } from "@backref/core";
   *
   * declare const app: ReturnType<Backref["as"]>;
   *
   * const source = await app.sources.create({
   *   name: "Our GitHub",
   *   provider: "github",
   *   auth: { type: "token", token: process.env["GITHUB_TOKEN"] },
   *   targets: [{ projectId: "web", container: "acme/web" }],
   * });
   * ```
   */
  create(input: CreateSourceInput<Providers>): Promise<Source>;
  /** One source without its secrets. @throws BackrefError `not-found` */
  get(id: string): Promise<Source>;
  /** Sources that the actor may see, oldest first. @param request.projectId only those that this project may use */
  list(request?: PageRequest & { readonly projectId?: string }): Promise<Page<Source>>;
  /**
   * Changes what is given, all of it or nothing. Nothing is sent to the tracker by that.
   * @throws BackrefError what `create` throws, and `source-in-use` where living links would be pointed at another instance, container or id space, or could not be
   * read any more.
   */
  update(id: string, input: UpdateSourceInput<Providers>): Promise<Source>;
  /** Goes on where `disable` stopped: what changed meanwhile on either side is caught up with. */
  enable(id: string): Promise<Source>;
  /** Keeps everything and does nothing: issues and references stay readable, links stand still. */
  disable(id: string): Promise<Source>;
  /**
   * Removes the source with its credential. Issues and references stay readable, issues are not touched.
   * @throws BackrefError `source-in-use` while links live, unless `detach` ends them first.
   */
  delete(id: string, options?: { readonly detach?: boolean }): Promise<void>;
  /**
   * Asks the tracker who we are and what is missing, and remembers the account and the credential's end. What is
   * wrong is in the report.
   * @throws BackrefError `capability-missing` where the provider has nothing to test, such as one with links only.
   * @example
   * ```ts
   * import type { Backref } from "@backref/core";
   *
   * declare const app: ReturnType<Backref["as"]>;
   *
   * const { ok, account, problems } = await app.sources.test("0199c0de-0000-7000-8000-000000000001");
   * console.log(ok ? `Signed in as ${account?.displayName}` : problems.join("\n"));
   * ```
   */
  test(id: string): Promise<ConnectionReport>;
  /**
   * What a sync would change, link by link, if it looked at all of them now; with `mapping` or `targets`, what it would do
   * after such an update. Changes nothing and sends nothing but reads: one for as many links as the tracker reads at once, all
   * those of a page within `limits.requestTimeoutMs`; with `fresh: false` none. For those who may change the source, and of
   * their links only.
   * @throws BackrefError `source-not-runnable` or `tracker-rate-limited` where the tracker cannot be read now, what a read
   * throws, and what `update` throws for such an input, but for `mapping-invalid`: that is in the answer.
   */
  preview(id: string, request?: PreviewRequest): Promise<SourcePreview>;
  /**
   * Begins a sign-in at the tracker, for a new source or for one that needs another credential. Nothing is stored or sent;
   * the source goes on with the credential it has until the sign-in is completed.
   * @throws BackrefError `capability-missing` where the provider has no sign-in, `credentials-missing` where there is no key to seal it
   * with (`secretKeys`), `not-found` or `permission-denied`.
   * @param request.redirectUrl where the tracker sends the browser afterwards, as registered there; at most 1,000 characters
   * @returns `url` to send the browser of this very user to, and until when it is good (10 minutes), milliseconds since 1970 UTC
   */
  authorize(
    id: string,
    request: { readonly redirectUrl: string },
  ): Promise<{ readonly url: string; readonly expiresAt: number }>;
  /**
   * Ends a sign-in with what the tracker sent the browser back with. To be called for the user who began it. The source is
   * healthy again and its links are tried at once. A failure changes nothing.
   * @throws BackrefError `authorization-denied` where the tracker or the person said no, `authorization-invalid` for what was begun by
   * somebody else, ended already, or took too long, and the `tracker-…` codes where the code could not be exchanged.
   * @example
   * ```ts
   * import type { Backref } from "@backref/core";
   *
   * declare const app: ReturnType<Backref["as"]>;
   *
   * // The route that `redirectUrl` of `authorize` names:
   * export const signedIn = async (request: Request): Promise<Response> => {
   *   const source = await app.sources.completeAuthorization(request.url);
   *   return Response.redirect(`https://tests.example.com/settings/trackers/${source.id}`);
   * };
   * ```
   */
  completeAuthorization(redirect: RedirectInput): Promise<Source>;
  /**
   * Lets the changes come in that wait (`held`), and whatever those links bring until they are looked at. What comes in after
   * them is counted anew. Nothing happens where nothing waits. For those who may change the source.
   */
  confirmChanges(id: string): Promise<Source>;
  /**
   * Says no to the changes that wait (`held`). `keep: "defects"` sends the defects' values to the tracker, each of the
   * tracker's being kept as the loser of a conflict; `keep: "apart"` sends nothing either: both sides count as agreed as they
   * are, until one of them is edited. Nothing happens where nothing waits. For those who may change the source.
   */
  declineChanges(id: string, request: DeclineChangesRequest): Promise<Source>;
  /** What a webhook at the tracker needs. Makes a secret where there is none. For those who may change the source. */
  webhook(id: string): Promise<{ readonly endpoint: string; readonly secret: string }>;
  /**
   * Creates the webhooks at the tracker, one per target container or one in all, and remembers them: those that end are
   * extended in time. To be called again for containers that came later, or with another URL; hooks of the former one go.
   * @param request.url where the host receives deliveries for this source's endpoint
   * @throws BackrefError `capability-missing` where that is done by hand, and what the tracker says
   */
  registerWebhooks(id: string, request: { readonly url: string }): Promise<readonly WebhookRegistration[]>;
  /** The hooks that `registerWebhooks` made. For those who may change the source. */
  webhookRegistrations(id: string): Promise<readonly WebhookRegistration[]>;
  /**
   * Takes the hooks away that `registerWebhooks` made, for example before the source is deleted, and says how many. Changes
   * arrive by polling from then on.
   * @throws BackrefError `capability-missing` where that is done by hand, and what the tracker says.
   */
  unregisterWebhooks(id: string): Promise<number>;
  /**
   * Asks the tracker to send again what it could not deliver, for example after an outage of the host. Backref itself does
   * so once per `limits.sweepIntervalMs`. For those who may change the source.
   * @throws BackrefError `capability-missing` where the
   * tracker repeats by itself or does not keep what failed.
   * @param request.since milliseconds since 1970 UTC @default as far back as the tracker remembers
   */
  redeliverWebhooks(id: string, request?: { readonly since?: number }): Promise<readonly WebhookRedelivery[]>;
}
