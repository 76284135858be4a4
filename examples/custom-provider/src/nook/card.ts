export const cardStates = ["todo", "doing", "done"] as const;

export type CardState = (typeof cardStates)[number];

/** A card of a board, as the API shows it. */
export interface Card {
  /** Unique over all boards, for good. */
  readonly id: number;
  readonly board: string;
  /** Unique within its board. */
  readonly number: number;
  readonly title: string;
  /** Markdown. */
  readonly text: string;
  readonly state: CardState;
  /** Whatever the program that made it calls it; unique within the board. Null for cards that people made. */
  readonly reference: string | null;
  readonly author: string;
  /** Milliseconds since 1970 UTC. */
  readonly createdAt: number;
  readonly changedAt: number;
  /** One more with each change. */
  readonly revision: number;
}

export interface CardDraft {
  readonly title: string;
  readonly text: string;
  readonly state?: CardState;
  readonly reference?: string | null;
}

export type CardEdit = Partial<Pick<Card, "title" | "text" | "state">>;
