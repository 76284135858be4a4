import type { Provider } from "@backref/core/provider";
import { belowAddress } from "@backref/provider-kit";

const board = "[A-Za-z][A-Za-z0-9]{0,19}";
const wholeBoard = new RegExp(`^${board}$`);
const key = new RegExp(`^(${board})-([1-9][0-9]{0,8})$`);
const page = new RegExp(`^/boards/(${board})/([1-9][0-9]{0,8})$`);

/** A board's name in the one way it is written; null for anything else. */
export function parseBoard(text: string): string | null {
  const name = text.trim();
  return wholeBoard.test(name) ? name.toUpperCase() : null;
}

/** Reads `WEB-12` and the address of a card's page, in any case. */
export const parseIssue: Provider["parseIssue"] = (text, { baseUrl }) => {
  const trimmed = text.trim();
  const below = /^https?:\/\//i.test(trimmed) ? belowAddress(trimmed, baseUrl) : null;
  const [, container, item] = (below === null ? key.exec(trimmed) : page.exec(below.path)) ?? [];
  return container === undefined || item === undefined ? null : { container: container.toUpperCase(), item };
};

export const formatIssue: Provider["formatIssue"] = ({ container, item }, { baseUrl }) => {
  const displayKey = `${container.toUpperCase()}-${item}`;
  const url = `${baseUrl}/boards/${container.toUpperCase()}/${item}`;
  return { canonicalKey: displayKey.toLowerCase(), displayKey, url };
};
