import { createHmac } from "node:crypto";
import type { FetchFunction, WebhookDelivery } from "@backref/core/provider";
import type { TrackerFault, VirtualTime } from "../../../src/index.ts";
import { answer } from "./fake-api.ts";
import { baseUrl, commentView, issueView, repository, userView } from "./fake-views.ts";
import { type GiteaEvent, GiteaWorld } from "./fake-world.ts";

export interface FakeGitea {
  readonly world: GiteaWorld;
  readonly fetch: FetchFunction;
  readonly token: string;
  readonly secret: string;
  readonly requestCount: () => number;
  failNext(fault: TrackerFault, meets: "any" | "write"): void;
}

export interface FakeGiteaOptions {
  /** Id of an app's installation, which has the hook then. @default none */
  readonly installation?: number | null;
}

interface Sending {
  readonly secret: string;
  readonly count: number;
  readonly installation: number | null;
}

/** A Gitea in memory with one repository, a pull request in it, and one hook. */
export function createFakeGitea(time: VirtualTime, { installation = null }: FakeGiteaOptions = {}): FakeGitea {
  const token = "3f1c0f3a5d6e4b7c8d9e0f1a2b3c4d5e6f708192";
  const secret = "hook-secret-of-gitea";
  let sent = 0;
  const world = new GiteaWorld(time.now, (event) => {
    world.deliver(delivery(world, event, { secret, count: sent, installation }));
    sent += 1;
  });
  world.isApp = installation !== null;
  world.createIssue(world.person, { title: "A pull request", body: "Stands among the issues.", isPull: true });

  const armed: { readonly fault: TrackerFault; readonly meets: "any" | "write" }[] = [];
  let requests = 0;

  const fetch: FetchFunction = async (input, init) => {
    const request = new Request(input, init);
    request.signal.throwIfAborted();
    requests += 1;
    const index = armed.findIndex(({ meets }) => meets === "any" || request.method !== "GET");
    const fault = index < 0 ? undefined : armed.splice(index, 1)[0]?.fault;
    if (fault === "lost-before") throw connectionLost();
    if (fault !== undefined && fault !== "lost-after") return refusal(fault);
    const response = await answer(world, token, request);
    if (fault === "lost-after") throw connectionLost();
    return response;
  };

  return {
    world,
    fetch,
    token,
    secret,
    requestCount: () => requests,
    failNext: (fault, meets) => armed.push({ fault, meets }),
  };
}

function connectionLost(): TypeError {
  return new TypeError("fetch failed", { cause: Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }) });
}

function refusal(fault: Exclude<TrackerFault, "lost-before" | "lost-after">): Response {
  const status = { "status-500": 500, "rate-limit": 429, unauthorized: 401, forbidden: 403 }[fault];
  const headers = { "content-type": "application/json", ...(status === 429 && { "retry-after": "30" }) };
  return new Response(JSON.stringify({ message: "refused" }), { status, headers });
}

function delivery(world: GiteaWorld, event: GiteaEvent, { secret, count, installation }: Sending): WebhookDelivery {
  const { issue, comment, action } = event;
  const payload = {
    action,
    ...(issue && { number: issue.index, issue: issueView(world, issue), is_pull: issue.isPull }),
    ...(comment && { comment: commentView(world, comment) }),
    repository: { id: 1, full_name: repository },
    sender: userView(world.person),
    ...(installation !== null && { installation: { url: `${baseUrl}/installations/${installation}` } }),
  };
  const body = new TextEncoder().encode(JSON.stringify(payload));
  const headers = new Headers({
    "content-type": "application/json",
    "x-gitea-delivery": `00000000-0000-4000-8000-${String(count).padStart(12, "0")}`,
    "x-gitea-event": event.event,
    "x-gitea-event-type": event.event,
    "x-gitea-signature": createHmac("sha256", secret).update(body).digest("hex"),
  });
  return { headers, body };
}
