import type { FetchFunction } from "@backref/core/provider";
import {
  createVirtualTime,
  type ProviderTracker,
  type ProviderUnderTest,
  type TrackerFault,
  type VirtualTime,
} from "@backref/testing";
import { answer } from "../src/nook/api.ts";
import { Nook } from "../src/nook/nook.ts";
import { createNookProvider } from "../src/provider/nook-provider.ts";

export interface NookUnderTest extends ProviderUnderTest {
  readonly nook: Nook;
  readonly time: VirtualTime;
  readonly fetch: FetchFunction;
  /** Requests so far. */
  readonly count: () => number;
  readonly failNext: ProviderTracker["failNext"];
}

const board = "WEB";

/** A Nook of its own with the provider before it, in one process and in virtual time. */
export function createNookUnderTest(): NookUnderTest {
  const time = createVirtualTime();
  const nook = new Nook(time.now);
  nook.addBoard(board);
  nook.addPerson("robot-token", { id: "robot", name: "Backref", mayWrite: true });
  const armed: { readonly fault: TrackerFault; readonly meets: "any" | "write" }[] = [];
  let requests = 0;
  const fetch: FetchFunction = async (input, init) => {
    const request = new Request(input, init);
    requests += 1;
    const index = armed.findIndex(({ meets }) => meets === "any" || request.method !== "GET");
    const [met] = index < 0 ? [] : armed.splice(index, 1);
    return meet(met?.fault, () => answer(nook, request));
  };
  return {
    nook,
    time,
    fetch,
    count: () => requests,
    failNext: (fault, meets) => armed.push({ fault, meets }),
    provider: createNookProvider(),
    baseUrl: "https://nook.example",
    auth: { token: "robot-token" },
    refusedAuth: { token: "no-token-of-ours" },
    container: board,
    unknownContainer: "NOWHERE",
    keyVariants: ["web-12", "https://nook.example/boards/web/12?tab=history#end"],
    clock: time.clock,
    scheduler: time.scheduler,
  };
}

const statuses = { "status-500": 500, "rate-limit": 429, unauthorized: 401, forbidden: 403 } as const;

async function meet(fault: TrackerFault | undefined, work: () => Promise<Response>): Promise<Response> {
  if (fault === undefined) return work();
  if (fault === "lost-after") await work();
  if (fault === "lost-after" || fault === "lost-before") throw new TypeError("The connection was lost.");
  const headers = { ...(fault === "rate-limit" && { "retry-after": "30" }) };
  return Response.json({ error: "Not now." }, { status: statuses[fault], headers });
}

/** What the suite does and sees at Nook, past the provider. */
export function createNookDriver({ nook, time, count, failNext }: NookUnderTest): ProviderTracker {
  const cards = () => [...(nook.board(board)?.cards.values() ?? [])];
  const categories = { todo: "open", doing: "active", done: "closed" } as const;
  return {
    now: time.now,
    advance: (durationMs) => time.advance(durationMs),
    createIssue: async ({ title, body }) => String(nook.create(board, "lena", { title, text: body }).card.number),
    async editIssue(item, { title, body: text }) {
      nook.change(board, Number(item), { ...(title !== undefined && { title }), ...(text !== undefined && { text }) });
    },
    async closeIssue(item) {
      nook.change(board, Number(item), { state: "done" });
    },
    async readIssue(item) {
      const card = cards().find(({ number }) => String(number) === item);
      if (card === undefined) return null;
      const { title, text, state } = card;
      return { item, title, body: text, state: categories[state], labels: [], comments: [] };
    },
    listIssues: async () => cards().map(({ number }) => String(number)),
    async deleteIssue(item) {
      nook.delete(board, Number(item));
      return "deleted";
    },
    mark: count,
    countRequests: (mark) => count() - mark,
    failNext,
  };
}
