import {
  type ChangesGroup,
  type CreateGroup,
  ProviderError,
  type ReadGroup,
  type ReadOutcome,
  type StateTarget,
  type UpdateGroup,
} from "@backref/core/provider";
import { z } from "zod";
import { cardShape, mapCard, stateFor } from "./cards.ts";
import { ask, hasStatus, type NookCall } from "./client.ts";
import type { NookAuth, NookOptions } from "./forms.ts";

const cardsPath = (board: string): string => `/boards/${encodeURIComponent(board)}/cards`;

const cardsShape = z.object({ cards: z.array(cardShape), deleted: z.array(z.int()).default([]) });

/** One request for all cards of a board; null where the board cannot be seen. */
async function readBoard(call: NookCall, board: string, items: readonly string[]) {
  const path = `${cardsPath(board)}?numbers=${items.map(encodeURIComponent).join(",")}`;
  try {
    return (await ask(call, { operation: "issue.read", path }, cardsShape)).value;
  } catch (error) {
    if (!hasStatus(error, 403, 404)) throw error;
    return null;
  }
}

export const readGroup: ReadGroup<NookAuth, NookOptions> = {
  async issues(call, { issues }) {
    const boards = new Map<string, Awaited<ReturnType<typeof readBoard>>>();
    for (const board of new Set(issues.map(({ container }) => container))) {
      const items = issues.filter(({ container }) => container === board).map(({ item }) => item);
      boards.set(board, await readBoard(call, board, items));
    }
    return issues.map(({ container, item, remoteId }): ReadOutcome => {
      const board = boards.get(container);
      if (board?.deleted.includes(Number(item))) return { kind: "deleted" };
      const card = board?.cards.find(({ number }) => number === Number(item));
      const isOther = remoteId !== null && remoteId !== String(card?.id);
      return card === undefined || isOther ? { kind: "no-access" } : { kind: "live", issue: mapCard(card) };
    });
  },
};

export const createGroup: CreateGroup<NookAuth, NookOptions> = {
  async create(call, { container, title, body, token }) {
    const asked = { operation: "issue.create", method: "POST", path: cardsPath(container) } as const;
    const answer = await ask(call, { ...asked, body: { title, text: body, reference: token } }, cardShape);
    return { issue: mapCard(answer.value), warnings: [], existed: answer.status === 200 };
  },
  async findCreated(call, { container, token, accountId, createdAfter }) {
    const path = `${cardsPath(container)}?reference=${encodeURIComponent(token)}`;
    const { value } = await ask(call, { operation: "issue.find-created", path }, cardsShape);
    return value.cards
      .filter(({ author, createdAt }) => (accountId === null || author === accountId) && createdAt >= createdAfter)
      .map(mapCard);
  },
};

function stateOf(target: StateTarget) {
  const state = stateFor(target);
  if (state !== undefined) return state;
  const message = `Nook has no state "${target.state}": take todo, doing or done.`;
  throw new ProviderError({
    providerId: "nook",
    operation: "issue.update",
    failure: "permanent",
    field: "state",
    message,
  });
}

export const updateGroup: UpdateGroup<NookAuth, NookOptions> = {
  async update(call, { issue, patch: { title, body: text, state }, ifVersion }) {
    const path = `${cardsPath(issue.container)}/${encodeURIComponent(issue.item)}`;
    const body = {
      ...(title !== undefined && { title }),
      ...(text !== undefined && { text }),
      ...(state !== undefined && { state: stateOf(state) }),
    };
    const asked = { operation: "issue.update", method: "PATCH", path, body, ifMatch: ifVersion } as const;
    return { issue: mapCard((await ask(call, asked, cardShape)).value), warnings: [] };
  },
};

const changesShape = z.object({ cards: z.array(cardShape), place: z.int(), more: z.boolean() });

export const changesGroup: ChangesGroup<NookAuth, NookOptions> = {
  /** The cursor is a place in the board's own history, so no clock takes part. */
  async list(call, { container, cursor, startAt }) {
    const path = `${cardsPath(container ?? "")}?after=${encodeURIComponent(cursor ?? "0")}`;
    const { value } = await ask(call, { operation: "changes.list", path }, changesShape);
    const cards = cursor === null ? value.cards.filter(({ changedAt }) => changedAt >= startAt) : value.cards;
    return { issues: cards.map(mapCard), comments: [], cursor: String(value.place), more: value.more };
  },
};
