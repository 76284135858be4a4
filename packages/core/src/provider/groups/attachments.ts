import type { IssueAddress, RemotePerson } from "../../domain/issue-snapshot.ts";
import type { ProviderCall } from "../call.ts";

/** A file for an issue. */
export interface UploadRequest {
  readonly issue: IssueAddress;
  /** Without path separators and control characters. */
  readonly fileName: string;
  /** A media type such as `image/png`. */
  readonly contentType: string;
  /** How many bytes `content` has; core ends it with an error where it turns out to have more or fewer. */
  readonly sizeBytes: number;
  /** To be sent as it comes, never collected first. Read at most once. */
  readonly content: ReadableStream<Uint8Array>;
}

/** A file at an issue, as the tracker lists it. */
export interface RemoteAttachment {
  readonly remoteId: string;
  /** Where people find it; null where it has no address of its own. */
  readonly url: string | null;
  readonly fileName: string;
  /** Null where the tracker does not say. */
  readonly sizeBytes: number | null;
  /** Who added it; null where the tracker does not say. */
  readonly author: Pick<RemotePerson, "id"> | null;
  /** Milliseconds since 1970 UTC by the tracker's clock. */
  readonly createdAt: number;
}

/** Absent: a link to the host stands in the issue instead. */
export interface AttachmentsGroup<Auth, Options> {
  /**
   * Adds one file to an issue and never repeats it.
   * @throws ProviderError of the class `ambiguous` whenever it may have been applied, and `permanent` for a file that the tracker does not take (too large, a type it refuses).
   */
  upload(
    call: ProviderCall<Auth, Options>,
    request: UploadRequest,
  ): Promise<Pick<RemoteAttachment, "remoteId" | "url">>;
  /**
   * Every file of the issue, oldest first: how core finds out what became of an upload without an answer.
   * Absent: such a file is not sent again by itself, and the link says so.
   */
  list?(
    call: ProviderCall<Auth, Options>,
    request: { readonly issue: IssueAddress },
  ): Promise<readonly RemoteAttachment[]>;
  /** What the tracker calls a file that is sent under this name. Never throws, never sends. Absent: the same. */
  storedName?(fileName: string): string;
}
