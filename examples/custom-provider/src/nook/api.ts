import { type CardEdit, type CardState, cardStates } from "./card.ts";
import type { Nook, Person } from "./nook.ts";

/** Most cards that one request names, or one page holds. */
const largestPage = 50;

const longestTitle = 200;

class Refusal extends Error {
  readonly status: number;
  readonly field: string | undefined;

  constructor(status: number, message: string, field?: string) {
    super(message);
    this.status = status;
    this.field = field;
  }
}

interface Input {
  readonly [name: string]: unknown;
  readonly title?: unknown;
  readonly text?: unknown;
  readonly state?: unknown;
  readonly reference?: unknown;
}

/**
 * Nook's HTTP API. Every request carries `x-nook-token`.
 *
 *     GET   /api/me                             the token's owner
 *     GET   /api/boards/WEB                     the board
 *     GET   /api/boards/WEB/cards?numbers=1,2   up to 50 cards, and which of the numbers are deleted
 *     GET   /api/boards/WEB/cards?reference=x   the card with this reference, if any
 *     GET   /api/boards/WEB/cards?after=17      the next 50 changes after that place in the board's history
 *     POST  /api/boards/WEB/cards               201 a new card, 200 the one that has the reference already
 *     PATCH /api/boards/WEB/cards/1             412 where `if-match` names another revision than the card's
 */
export async function answer(nook: Nook, request: Request): Promise<Response> {
  try {
    return await dispatch(nook, request);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { status, message, field } = error;
    return Response.json({ error: message, ...(field !== undefined && { field }) }, { status });
  }
}

async function dispatch(nook: Nook, request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const person = nook.people.get(request.headers.get("x-nook-token") ?? "");
  if (person === undefined) throw new Refusal(401, "The token is unknown.");
  if (pathname === "/api/me") return Response.json(person);
  const [, name, rest = ""] = /^\/api\/boards\/([^/]+)(\/cards(?:\/\d+)?)?$/.exec(pathname) ?? [];
  const board = name === undefined ? undefined : nook.board(name);
  if (name === undefined || board === undefined) throw new Refusal(404, "There is no such board.");
  if (rest === "") return Response.json({ name });
  const number = Number(rest.slice("/cards/".length));
  switch (`${request.method} ${number > 0 ? "card" : "cards"}`) {
    case "GET cards":
      return Response.json(list(nook, name, searchParams));
    case "POST cards":
      return create(nook, name, person, await inputOf(request));
    case "PATCH card":
      return change(nook, name, person, number, request);
    default:
      throw new Refusal(405, "Nook cannot do that.");
  }
}

function list(nook: Nook, name: string, query: URLSearchParams): object {
  const [numbers, reference] = [query.get("numbers"), query.get("reference")];
  if (reference !== null) return { cards: [nook.find(name, reference)].filter((card) => card !== undefined) };
  const board = nook.board(name);
  if (numbers !== null) {
    const asked = numbers.split(",").map(Number);
    if (asked.length > largestPage) throw new Refusal(400, `At most ${largestPage} cards at once.`, "numbers");
    const cards = asked.flatMap((number) => board?.cards.get(number) ?? []);
    return { cards, deleted: asked.filter((number) => board?.deleted.has(number)) };
  }
  const after = Number(query.get("after") ?? 0);
  if (!Number.isSafeInteger(after) || after < 0) throw new Refusal(400, "That is no place in the history.", "after");
  const changes = nook.changesAfter(name, after);
  const page = changes.slice(0, largestPage);
  const place = page.at(-1)?.place ?? after;
  return { cards: page.map(({ card }) => card), place, more: changes.length > page.length };
}

function create(nook: Nook, name: string, person: Person, input: Input): Response {
  if (!person.mayWrite) throw new Refusal(403, "You may only read here.");
  const { title = "", text = "", state = "todo" } = editOf(input);
  if (title === "") throw new Refusal(422, "A card needs a title.", "title");
  const reference = typeof input.reference === "string" ? input.reference : null;
  const { card, isNew } = nook.create(name, person.id, { title, text, state, reference });
  return Response.json(card, { status: isNew ? 201 : 200 });
}

async function change(nook: Nook, name: string, person: Person, number: number, request: Request): Promise<Response> {
  if (!person.mayWrite) throw new Refusal(403, "You may only read here.");
  const edit = editOf(await inputOf(request));
  const card = nook.board(name)?.cards.get(number);
  if (card === undefined) throw new Refusal(404, "There is no such card.");
  const expected = request.headers.get("if-match");
  if (expected !== null && expected !== String(card.revision)) throw new Refusal(412, "It has changed since.");
  return Response.json(nook.change(name, number, edit));
}

async function inputOf(request: Request): Promise<Input> {
  try {
    return Object(await request.json());
  } catch {
    throw new Refusal(400, "The body is no JSON.");
  }
}

function editOf({ title, text, state }: Input): CardEdit {
  if (title !== undefined && (typeof title !== "string" || title.length > longestTitle)) {
    throw new Refusal(422, `A title is a text of at most ${longestTitle} characters.`, "title");
  }
  if (text !== undefined && typeof text !== "string") throw new Refusal(422, "The text is no text.", "text");
  if (state !== undefined && !cardStates.includes(state as CardState)) {
    throw new Refusal(422, `A state is one of ${cardStates.join(", ")}.`, "state");
  }
  return {
    ...(title !== undefined && { title }),
    ...(text !== undefined && { text }),
    ...(state !== undefined && { state: state as CardState }),
  };
}
