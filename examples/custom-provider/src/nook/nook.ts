import type { Card, CardDraft, CardEdit } from "./card.ts";

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly mayWrite: boolean;
}

interface Board {
  readonly cards: Map<number, Card>;
  readonly deleted: Set<number>;
  /** Numbers of cards in the order of their last change, each with its place in the board's history. */
  readonly history: Map<number, number>;
  latest: number;
}

/** The tracker that the provider is written for: boards with cards on them, in memory. */
export class Nook {
  readonly people: Map<string, Person> = new Map();
  readonly #boards = new Map<string, Board>();
  readonly #now: () => number;
  #lastId = 0;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  addBoard(name: string): void {
    this.#boards.set(name, { cards: new Map(), deleted: new Set(), history: new Map(), latest: 0 });
  }

  /** @param token what their requests carry */
  addPerson(token: string, person: Person): void {
    this.people.set(token, person);
  }

  board(name: string): Board | undefined {
    return this.#boards.get(name);
  }

  /** The card with this reference where there is one already: nothing is made a second time. */
  create(boardName: string, author: string, draft: CardDraft): { readonly card: Card; readonly isNew: boolean } {
    const board = this.#existing(boardName);
    const reference = draft.reference ?? null;
    const known = reference === null ? undefined : this.find(boardName, reference);
    if (known !== undefined) return { card: known, isNew: false };
    this.#lastId += 1;
    const at = this.#now();
    const number = board.cards.size + board.deleted.size + 1;
    const { title, text, state = "todo" } = draft;
    const places = { id: this.#lastId, board: boardName, number };
    const card = { ...places, title, text, state, reference, author, createdAt: at, changedAt: at, revision: 1 };
    this.#write(board, card);
    return { card, isNew: true };
  }

  change(boardName: string, number: number, edit: CardEdit): Card {
    const board = this.#existing(boardName);
    const card = board.cards.get(number);
    if (card === undefined) throw new RangeError(`There is no card ${boardName}-${number}.`);
    const changed = { ...card, ...edit, changedAt: this.#now(), revision: card.revision + 1 };
    this.#write(board, changed);
    return changed;
  }

  delete(boardName: string, number: number): void {
    const board = this.#existing(boardName);
    board.cards.delete(number);
    board.history.delete(number);
    board.deleted.add(number);
  }

  find(boardName: string, reference: string): Card | undefined {
    return [...this.#existing(boardName).cards.values()].find((card) => card.reference === reference);
  }

  /** Cards that changed after a place in the history, oldest change first, each with its own place. */
  changesAfter(boardName: string, place: number): readonly { readonly card: Card; readonly place: number }[] {
    const { cards, history } = this.#existing(boardName);
    return [...history].flatMap(([number, at]) => {
      const card = cards.get(number);
      return card === undefined || at <= place ? [] : [{ card, place: at }];
    });
  }

  #existing(name: string): Board {
    const board = this.#boards.get(name);
    if (board === undefined) throw new RangeError(`There is no board ${name}.`);
    return board;
  }

  #write(board: Board, card: Card): void {
    board.cards.set(card.number, card);
    board.latest += 1;
    board.history.delete(card.number);
    board.history.set(card.number, board.latest);
  }
}
