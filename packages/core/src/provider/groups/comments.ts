import type { IssueAddress, RemoteComment } from "../../domain/issue-snapshot.ts";
import type { ProviderCall } from "../call.ts";

/** A new comment, written once. */
export interface CreateCommentRequest {
  readonly issue: IssueAddress;
  /** Markdown, final: with a marked block that names the author. */
  readonly body: string;
  readonly token: string;
  /** Who wrote it. Where the tracker shows that by itself and `commentIdOf` is there, the block may be left out, then and in edits. */
  readonly authorName?: string;
}

/** Absent: comments stay where they are written. */
export interface CommentsGroup<Auth, Options> {
  /** All comments of an issue, oldest first. */
  list(call: ProviderCall<Auth, Options>, request: { readonly issue: IssueAddress }): Promise<readonly RemoteComment[]>;
  /** Sends one create and never repeats it. Null where the tracker answers without an id. */
  create(call: ProviderCall<Auth, Options>, request: CreateCommentRequest): Promise<RemoteComment | null>;
  /** Present where `capabilities.comments.edit`. */
  update?(
    call: ProviderCall<Auth, Options>,
    request: { readonly issue: IssueAddress; readonly commentId: string; readonly body: string },
  ): Promise<RemoteComment>;
  /** Present where `capabilities.comments.delete`. A comment that is already gone is a success. */
  delete?(
    call: ProviderCall<Auth, Options>,
    request: { readonly issue: IssueAddress; readonly commentId: string },
  ): Promise<void>;
}
