import type { JsonObject } from "../fake/json.ts";
import type { TokenRecord, UserRecord } from "./model.ts";
import { toIsoSeconds } from "./time.ts";
import type { View } from "./view.ts";

/** Apps act under an account of their own. */
export function isBot(user: UserRecord): boolean {
  return user.login.endsWith("[bot]");
}

/** A bot's login as GraphQL and URLs have it. */
export function botName(user: UserRecord): string {
  return user.login.slice(0, -"[bot]".length);
}

/** GitHub's `simple-user`. */
export function presentUser(view: Pick<View, "apiUrl" | "htmlUrl">, user: UserRecord): JsonObject {
  const url = `${view.apiUrl}/users/${encodeURIComponent(user.login)}`;
  return {
    login: user.login,
    id: user.id,
    node_id: user.nodeId,
    avatar_url: `https://avatars.githubusercontent.com/u/${user.id}?v=4`,
    gravatar_id: "",
    url,
    html_url: isBot(user) ? `${view.htmlUrl}/apps/${botName(user)}` : `${view.htmlUrl}/${user.login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: isBot(user) ? "Bot" : "User",
    user_view_type: "public",
    site_admin: false,
  };
}

/** GitHub's `public-user`. */
export function presentPublicUser(view: View, user: UserRecord): JsonObject {
  const at = toIsoSeconds(user.createdAt);
  return {
    ...presentUser(view, user),
    name: user.name,
    company: null,
    blog: "",
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: at,
    updated_at: at,
  };
}

/** The answer of `GET /user`: private details only for a classic token with the `user` scope. */
export function presentOwnUser(view: View, token: TokenRecord): JsonObject {
  const own = presentPublicUser(view, token.user);
  if (!token.scopes.includes("user")) return own;
  return {
    ...own,
    user_view_type: "private",
    private_gists: 0,
    total_private_repos: 0,
    owned_private_repos: 0,
    disk_usage: 0,
    collaborators: 0,
    two_factor_authentication: true,
  };
}
