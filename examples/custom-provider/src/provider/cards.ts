import type { IssueSnapshot, RemoteState, StateTarget, StatusCategory } from "@backref/core/provider";
import { z } from "zod";

export const cardShape = z.object({
  id: z.int(),
  board: z.string(),
  number: z.int(),
  title: z.string(),
  text: z.string(),
  state: z.enum(["todo", "doing", "done"]),
  author: z.string(),
  createdAt: z.int(),
  changedAt: z.int(),
  revision: z.int(),
});

export type NookCard = z.infer<typeof cardShape>;

const states = {
  todo: { name: "To do", category: "open" },
  doing: { name: "Doing", category: "active" },
  done: { name: "Done", category: "closed" },
} as const satisfies Record<NookCard["state"], Omit<RemoteState, "id" | "reason">>;

const stateOf: Readonly<Record<StatusCategory, NookCard["state"]>> = { open: "todo", active: "doing", closed: "done" };

/** A state by id or name where one is asked for, else the one of the category; undefined where Nook has no such state. */
export function stateFor({ category, state: wanted }: StateTarget): NookCard["state"] | undefined {
  if (wanted === undefined) return stateOf[category];
  const ids = Object.keys(states) as NookCard["state"][];
  return ids.find((id) => id === wanted || states[id].name === wanted);
}

export function mapCard(card: NookCard): IssueSnapshot {
  return {
    remoteId: String(card.id),
    container: card.board,
    item: String(card.number),
    title: card.title,
    body: card.text,
    state: { id: card.state, ...states[card.state], reason: null },
    priority: null,
    labels: [],
    type: null,
    assignees: [],
    author: { id: card.author, login: card.author, displayName: card.author },
    createdAt: card.createdAt,
    updatedAt: card.changedAt,
    version: card.revision,
    commentCount: null,
    raw: null,
  };
}
