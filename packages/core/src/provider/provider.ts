import type { FormattedIssue, IssueLocation } from "../domain/issue-snapshot.ts";
import type { ProviderCapabilities } from "./capabilities.ts";
import type { ProviderDescription } from "./form.ts";
import type { AttachmentsGroup } from "./groups/attachments.ts";
import type { AuthorizationGroup } from "./groups/authorization.ts";
import type { ChangesGroup } from "./groups/changes.ts";
import type { CommentsGroup } from "./groups/comments.ts";
import type { ConnectGroup } from "./groups/connect.ts";
import type { ContainersGroup } from "./groups/containers.ts";
import type { CreateGroup } from "./groups/create.ts";
import type { FormGroup } from "./groups/form.ts";
import type { LabelsGroup } from "./groups/labels.ts";
import type { PeopleGroup } from "./groups/people.ts";
import type { RateLimitsGroup } from "./groups/rate-limits.ts";
import type { ReadGroup } from "./groups/read.ts";
import type { SearchGroup } from "./groups/search.ts";
import type { UpdateGroup } from "./groups/update.ts";
import type { WebhooksGroup } from "./groups/webhooks.ts";

/** What is needed to read and write keys of one source; no credential, no I/O. */
export interface IssueSite<Options> {
  /** No trailing slash. */
  readonly baseUrl: string;
  readonly options: Options;
}

/** What a page for a new issue begins with. What is absent is left empty. */
export interface IssueDraft {
  readonly container: string;
  readonly title?: string;
  /** Markdown. */
  readonly description?: string;
}

/**
 * A plugin that speaks one tracker's language.
 *
 * The six required members make a complete links-only provider. Every group is present as a whole or absent; what
 * is lost without it stands at the group. Core owns merging, mapping, the managed block, the marker's value, retries
 * and waiting. The provider owns format conversion, transitions, the marker's place, and `raw`.
 *
 * Methods get clean, validated arguments and an abort signal, and throw `ProviderError`s only. A provider keeps no
 * state between calls that another process would need.
 */
export interface Provider<Id extends string = string, Auth = unknown, Options = unknown> {
  /** Stable, lower case, stored with every source. */
  readonly id: Id;
  readonly specVersion: 1;
  readonly capabilities: ProviderCapabilities;
  /**
   * What is different for a source with these options: each capability given replaces the provider's. `pollScope` is the
   * same for all sources. Absent: nothing is different. Never throws, never sends.
   */
  capabilitiesFor?(options: Options): ProviderCapabilities;
  /** Names and forms. Never throws, never sends; equal answers for equal calls. */
  describe(): ProviderDescription<Auth, Options>;
  /**
   * The base URL of the API, of an address that people know, such as the one they open in a browser. Gets an absolute http
   * or https URL without trailing slash and without credentials, and gives one; what is right already stays as it is.
   * Credentials go there: an address that is not known to be this tracker's stays on its host. Never throws, never sends.
   * Absent: base URLs are taken as they are.
   */
  normaliseBaseUrl?(baseUrl: string): string;
  /**
   * Reads a key or URL as people type and paste it: with query, fragment, trailing slash or surrounding space, and by
   * every name that the tracker's host goes by. Null where it is not this source's: another host, not a key at all, or a
   * key with anything around it. Core asks again with what it took off (brackets, quotes, punctuation, words, the link
   * around a URL), and with the other scheme. Never throws.
   */
  parseIssue(text: string, site: IssueSite<Options>): IssueLocation | null;
  /** The inverse. `parseIssue(formatIssue(x).url)` is `x` again. */
  formatIssue(
    location: { readonly container: string; readonly item: string },
    site: IssueSite<Options>,
  ): FormattedIssue;
  /**
   * The page where a person makes a new issue by hand, filled in as far as the tracker takes it. Never throws, never sends.
   * Null, or absent as a whole: the tracker has no such page, or none that can be linked to.
   */
  createUrl?(draft: IssueDraft, site: IssueSite<Options>): string | null;
  /**
   * The container of every issue of a tracker that has one only; a key that names none is there. Null or absent: the
   * project's target or the source's only container says where. Never throws.
   */
  onlyContainer?(site: IssueSite<Options>): string | null;
  /**
   * The id that a comment of a token gets, where the tracker lets its maker choose: after a doubt it is found by that, and needs
   * no mark in its text. Absent: it is found by the token in its text. Never throws, never sends.
   */
  commentIdOf?(token: string): string;
  /** Loads the tracker's client ahead of its first use. Absent: there is nothing to load. */
  preload?(): Promise<void>;

  readonly connect?: ConnectGroup<Auth, Options>;
  readonly read?: ReadGroup<Auth, Options>;
  readonly search?: SearchGroup<Auth, Options>;
  readonly create?: CreateGroup<Auth, Options>;
  readonly update?: UpdateGroup<Auth, Options>;
  readonly comments?: CommentsGroup<Auth, Options>;
  readonly changes?: ChangesGroup<Auth, Options>;
  readonly webhooks?: WebhooksGroup<Auth, Options>;
  readonly form?: FormGroup<Auth, Options>;
  readonly labels?: LabelsGroup<Auth, Options>;
  readonly people?: PeopleGroup<Auth, Options>;
  readonly attachments?: AttachmentsGroup<Auth, Options>;
  readonly containers?: ContainersGroup<Auth, Options>;
  readonly authorization?: AuthorizationGroup<Auth, Options>;
  readonly rateLimits?: RateLimitsGroup<Options>;
}
