/** What was found wrong in one run, by the invariant that it breaks. */
export interface Findings {
  /** @param text begins with the invariant, for example `I2 …` */
  add(text: string): void;
  readonly violations: readonly string[];
  readonly figures: Figures;
}

/** Counted over one run. */
export interface Figures {
  hostEdits: number;
  trackerEdits: number;
  creates: number;
  requests: number;
  requestsInUse: number;
  deaths: number;
  pauses: number;
  requestFaults: number;
  deliveries: number;
  deliveryFaults: number;
  /** Edits of people at trackers that nobody had read when they were overwritten. */
  unseenOverwrites: number;
  /** Those of them that a write did which arrived after its caller had given up. */
  lateOverwrites: number;
  /** The same of comments' texts, which no tracker guards. */
  commentOverwrites: number;
  /** Edits of people where the tracker has no compare-and-set. */
  exposedEdits: number;
  conflicts: number;
  events: number;
}

/** Figures of a run in which nothing has happened yet. */
export const noFigures: Figures = {
  hostEdits: 0,
  trackerEdits: 0,
  creates: 0,
  requests: 0,
  requestsInUse: 0,
  deaths: 0,
  pauses: 0,
  requestFaults: 0,
  deliveries: 0,
  deliveryFaults: 0,
  unseenOverwrites: 0,
  lateOverwrites: 0,
  commentOverwrites: 0,
  exposedEdits: 0,
  conflicts: 0,
  events: 0,
};

const mostKept = 20;

export function createFindings(): Findings {
  const violations: string[] = [];
  return {
    add(text) {
      if (violations.length < mostKept && !violations.includes(text)) violations.push(text);
    },
    violations,
    figures: { ...noFigures },
  };
}
