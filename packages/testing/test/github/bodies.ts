/** The parts of GitHub's answers and webhooks that the tests read. */

export interface UserBody {
  readonly id: number;
  readonly login: string;
  /** Only for the token's own account, and only with the scope `user`. */
  readonly two_factor_authentication?: boolean;
}

export interface LabelBody {
  readonly name: string;
}

export interface IssueBody {
  readonly number: number;
  readonly title: string;
  readonly url: string;
  readonly repository_url: string;
  readonly state: string;
  readonly state_reason: string | null;
  readonly labels: readonly LabelBody[];
  readonly assignees: readonly UserBody[];
  readonly updated_at: string;
  readonly closed_at: string | null;
}

export interface CommentBody {
  readonly id: number;
  readonly body: string;
  readonly updated_at: string;
}

export interface RepositoryBody {
  readonly url: string;
  /** Absent for callers without a token. */
  readonly permissions?: Readonly<Record<string, boolean>>;
}

export interface HookBody {
  readonly id: number;
  readonly config: { readonly url?: string; readonly secret?: string };
}

export interface RateLimitBody {
  readonly resources: { readonly core: { readonly remaining: number } };
  /** Gone from 2026-03-10 on. */
  readonly rate?: { readonly limit: number };
}

export interface ErrorBody {
  readonly message: string;
  readonly errors?: readonly ErrorDetail[];
}

export interface ErrorDetail {
  readonly resource: string;
  readonly code: string;
  readonly field?: string;
  readonly message?: string;
}

export interface GraphqlBody<Data> {
  /** Absent when the document was refused, null when nothing could be answered. */
  readonly data?: Data | null;
  readonly errors?: readonly GraphqlError[];
}

export interface GraphqlError {
  readonly type?: string;
  readonly message: string;
}

export interface ViewerData {
  readonly viewer: { readonly login: string };
}

export interface NodeData {
  readonly node: object | null;
}

export interface NodesData {
  readonly nodes: readonly (object | null)[];
  readonly rateLimit: object;
}

export interface RepositoryData {
  readonly repository: object | null;
}

export interface IssuePageData {
  readonly repository: { readonly issues: { readonly pageInfo: { readonly endCursor: string | null } } };
}

export interface WebhookPayload {
  readonly action?: string;
  readonly hook_id?: number;
  readonly issue?: { readonly title: string };
  readonly comment?: object;
  readonly changes?: object;
  readonly repository?: { readonly url: string };
}

/** Hooks without a content type send a form with one field. */
export function readPayload(body: string): WebhookPayload {
  const json = body.startsWith("payload=") ? (new URLSearchParams(body).get("payload") ?? "") : body;
  return JSON.parse(json) as WebhookPayload;
}
