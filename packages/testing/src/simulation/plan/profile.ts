/** What goes wrong with requests: the chance of each, per request it can meet. */
export interface RequestFaults {
  /** The connection is refused. */
  readonly refused: number;
  readonly lostBefore: number;
  readonly lostAfter: number;
  /** The caller gives up; the request is applied up to a minute later. */
  readonly late: number;
  /** 503, nothing applied. */
  readonly unavailable: number;
  /** 502 after the work was done. */
  readonly badGateway: number;
  readonly rateLimit: number;
  /** Updates: one field is ignored without a word. */
  readonly drop: number;
  /** Making labels is refused. */
  readonly labelRefused: number;
  /** Reads by id: up to ten seconds old. */
  readonly stale: number;
  /** Lists: up to twenty seconds behind. */
  readonly indexLag: number;
}

export interface DeliveryFaults {
  readonly isOn: boolean;
  readonly dropped: number;
  readonly doubled: number;
  /** Longest delay; deliveries overtake each other. */
  readonly delayMs: number;
  readonly forged: number;
  readonly truncated: number;
}

/** What happens to a process, per call it makes to the outside. */
export interface ProcessFaults {
  readonly death: number;
  /** Longer than a lease. */
  readonly pause: number;
  /** The storage does not answer: half of these before, half after it has done the work. */
  readonly storageTrouble: number;
}

/** What people and admins do, by weight. */
export interface PeopleWeights {
  readonly "local-field": number;
  readonly "remote-field": number;
  readonly "local-comment": number;
  readonly "remote-comment": number;
  /** Labels of others, assignees, copies of issues, damaged blocks. */
  readonly "remote-other": number;
  /** Deletions and moves of issues. */
  readonly "remote-end": number;
  /** Push again, detach, pause. */
  readonly link: number;
  /** Sources disabled, tokens revoked, mappings edited, containers lost. */
  readonly admin: number;
}

/** One way of using and troubling the engine. */
export interface Profile {
  readonly name: ProfileName;
  readonly activeMs: number;
  /** How many things people do. */
  readonly steps: number;
  readonly defects: number;
  /** Two sources mean two links per defect. */
  readonly sources: 1 | 2;
  readonly workers: number;
  /** One way through the network. */
  readonly latencyMs: readonly [number, number];
  readonly requests: RequestFaults;
  readonly deliveries: DeliveryFaults;
  readonly processes: ProcessFaults;
  readonly people: PeopleWeights;
  /** Defects live in the host's own tables. */
  readonly hostStore: boolean;
  /** Chance that a host's notice of a change is lost. */
  readonly noticeLost: number;
  /** Each tracker writes titles in its own way, and changes them back when the other's way arrives. */
  readonly normalises: boolean;
  /** Assignees travel both ways, and people of both sides change them. */
  readonly assignees: boolean;
  /** Requests the tracker takes per ten minutes; null for any number. */
  readonly budget: number | null;
}

/** Every profile there is. */
export const profileNames = [
  "busy",
  "slow",
  "poll-only",
  "limits",
  "quiet",
  "host-store",
  "several-links",
  "lifecycle",
  "comments",
  "doubt",
  "fighting",
  "people",
  "reference",
] as const;
/** One of `profileNames`. */
export type ProfileName = (typeof profileNames)[number];

const troubled: RequestFaults = {
  refused: 0.015,
  lostBefore: 0.015,
  lostAfter: 0.02,
  late: 0.015,
  unavailable: 0.015,
  badGateway: 0.015,
  rateLimit: 0.004,
  drop: 0.01,
  labelRefused: 0.1,
  stale: 0.05,
  indexLag: 0.2,
};

const unreliable: DeliveryFaults = {
  isOn: true,
  dropped: 0.2,
  doubled: 0.1,
  delayMs: 20_000,
  forged: 0.02,
  truncated: 0.02,
};

const mortal: ProcessFaults = { death: 0.01, pause: 0.004, storageTrouble: 0.003 };

const fieldsAndComments: PeopleWeights = {
  "local-field": 40,
  "remote-field": 40,
  "local-comment": 8,
  "remote-comment": 8,
  "remote-other": 6,
  "remote-end": 0,
  link: 3,
  admin: 1,
};

const busy: Profile = {
  name: "busy",
  activeMs: 480_000,
  steps: 50,
  defects: 2,
  sources: 1,
  workers: 2,
  latencyMs: [10, 400],
  requests: troubled,
  deliveries: unreliable,
  processes: mortal,
  people: fieldsAndComments,
  hostStore: false,
  noticeLost: 0,
  normalises: false,
  assignees: false,
  budget: null,
};

const profiles: Readonly<Record<ProfileName, Profile>> = {
  busy,
  /** Slow answers, few edits, no poll to heal anything soon. */
  slow: {
    ...busy,
    name: "slow",
    steps: 12,
    activeMs: 240_000,
    latencyMs: [200, 4_000],
    deliveries: { ...unreliable, dropped: 0, truncated: 0, delayMs: 8_000 },
  },
  "poll-only": { ...busy, name: "poll-only", deliveries: { ...unreliable, isOn: false } },
  limits: { ...busy, name: "limits", requests: { ...troubled, rateLimit: 0.03 }, budget: 60, workers: 3 },
  quiet: {
    ...busy,
    name: "quiet",
    steps: 25,
    requests: { ...troubled, late: 0, lostBefore: 0, lostAfter: 0, badGateway: 0, unavailable: 0, refused: 0 },
    processes: { death: 0, pause: 0, storageTrouble: 0 },
  },
  "host-store": { ...busy, name: "host-store", hostStore: true, noticeLost: 0.2 },
  "several-links": { ...busy, name: "several-links", sources: 2, steps: 40 },
  lifecycle: {
    ...busy,
    name: "lifecycle",
    people: { ...fieldsAndComments, "remote-end": 4, link: 14, admin: 10 },
  },
  comments: {
    ...busy,
    name: "comments",
    people: {
      ...fieldsAndComments,
      "local-field": 8,
      "remote-field": 8,
      "local-comment": 40,
      "remote-comment": 40,
      link: 1,
    },
  },
  /** Most creates stay without an answer, while people copy what they find. */
  doubt: {
    ...busy,
    name: "doubt",
    activeMs: 120_000,
    defects: 4,
    steps: 24,
    requests: { ...troubled, lostBefore: 0.08, lostAfter: 0.15, late: 0.12, badGateway: 0.15 },
    people: {
      ...fieldsAndComments,
      "local-field": 10,
      "remote-field": 10,
      "local-comment": 8,
      "remote-other": 40,
      link: 0,
    },
  },
  /** Two trackers that would answer each other through one defect for ever. */
  fighting: { ...busy, name: "fighting", sources: 2, steps: 15, normalises: true },
  /** Assignees among the fields, with people whom the other side does not know. */
  people: { ...busy, name: "people", assignees: true, people: { ...fieldsAndComments, link: 5, admin: 2 } },
  /** The prototype's: many links, forty minutes, fields alone. For the figure of requests per edit. */
  reference: {
    ...busy,
    name: "reference",
    activeMs: 2_400_000,
    steps: 373,
    defects: 8,
    workers: 3,
    people: {
      "local-field": 50,
      "remote-field": 50,
      "local-comment": 0,
      "remote-comment": 0,
      "remote-other": 0,
      "remote-end": 0,
      link: 0,
      admin: 0,
    },
  },
};

/** Those that run when none is asked for. */
export const usualProfiles: readonly ProfileName[] = profileNames.filter((name) => name !== "reference");

/** The profile of a name. */
export function profileNamed(name: ProfileName): Profile {
  return profiles[name];
}
