import type { LocalValue } from "./meaning.ts";

/** A value of the host's side, in the order in which things happened. */
export interface LocalEntry {
  readonly order: number;
  readonly at: number;
  readonly value: LocalValue;
  /** A person, or the link that brought it in. */
  readonly by: "person" | { readonly linkId: string };
}

/** A value of the tracker's side, in its own words. */
export interface RemoteEntry {
  readonly order: number;
  readonly at: number;
  readonly value: string;
  readonly by: "person" | "engine";
  /** Made with the issue, not changed afterwards. */
  readonly isInitial: boolean;
  /** Of engine writes: what the newest read before it had seen, as a moment; null where nothing is known. */
  readonly readAsOf: number | null;
  readonly isLate: boolean;
}

/** A loser that was written down. */
export interface Recorded {
  readonly order: number;
  readonly local: LocalValue;
  /** As the host would have had it. */
  readonly remote: LocalValue;
  readonly winner: string;
  /** A person chose the winner by hand, of what both sides said at that moment. */
  readonly isChosen: boolean;
}

/** What both sides last agreed on, as the link remembers it from then on. */
export interface Agreed {
  readonly order: number;
  readonly local: LocalValue;
  readonly remote: string;
  /** The read behind it, where that was older than the tracker declares; null where it was not. */
  readonly oldRead: OldRead | null;
}

/** A read that showed more of the past than the tracker says its reads do. */
export interface OldRead {
  /** The moment that it showed. */
  readonly shownAt: number;
  /** The newest moment that anybody had been shown by then: what came later nobody could know of. */
  readonly knownAt: number;
}

/** All that happened to one value of one link: both histories, and what was recorded. */
export interface Strand {
  readonly name: string;
  readonly linkId: string;
  readonly local: readonly LocalEntry[];
  readonly remote: readonly RemoteEntry[];
  readonly recorded: readonly Recorded[];
  readonly agreed: readonly Agreed[];
  /** When the engine wrote what the tracker's side said already, in the order of things. */
  readonly confirmed: readonly number[];
  /** True where nobody gives way to somebody as long as nothing is agreed on. */
  readonly nobodyGivesWay: boolean;
  isEquivalent(local: LocalValue, remote: string): boolean;
  /** True where everything that a local change asks for has been done at the tracker, whatever else was done there. */
  hasReached(local: LocalValue, remote: string, agreed: string): boolean;
  /** True where nothing was added to what was there, and nothing taken off but of what was agreed. */
  isRest(after: string, before: string, agreed: string): boolean;
  /** True where the tracker's value comes in as this. */
  brings(remote: string, local: LocalValue): boolean;
  /** True where the tracker's value stands for something here. */
  isMeant(remote: string): boolean;
}

/** The values that were current at some moment of an interval of orders, both ends included. */
export function currentDuring<Entry extends { readonly order: number }>(
  entries: readonly Entry[],
  from: number,
  to: number,
): readonly Entry[] {
  return entries.filter((entry, index) => {
    const next = entries[index + 1];
    return entry.order <= to && (next === undefined || next.order >= from);
  });
}

/**
 * True where a value was what both sides had agreed on already, at that moment and until another. What changes and changes
 * back unseen is no change: the engine looks at states, not at events.
 */
export function wasAgreed(
  strand: Strand,
  side: "local" | "remote",
  value: LocalValue,
  from: number,
  to: number,
): boolean {
  const during = currentDuring(strand.agreed, from, to);
  return during.length > 0 && during.every((pair) => pair[side] === value);
}
