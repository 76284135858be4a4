import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { IssueSnapshot } from "../../src/domain/issue-snapshot.ts";
import { defaultVocabulary } from "../../src/domain/vocabulary.ts";
import { checkMapping } from "../../src/mapping/check-mapping.ts";
import { resolveMapping } from "../../src/mapping/default-mapping.ts";
import { createCodecs, type FieldCodec, stateTargetOf } from "../../src/mapping/field-codec.ts";
import { resolveCapabilities } from "../../src/provider/resolved-capabilities.ts";

const labels = resolveCapabilities({ priority: "labels" });
const rich = resolveCapabilities({ priority: "field", stateCategories: ["open", "active", "closed"] });
const resolve = (capabilities = labels, inputs: Parameters<typeof resolveMapping>[0]["inputs"] = []) =>
  resolveMapping({ vocabulary: defaultVocabulary, capabilities, inputs });
const codecOf = (
  field: FieldCodec["field"],
  capabilities = labels,
  inputs: Parameters<typeof resolveMapping>[0]["inputs"] = [],
) => {
  const codec = createCodecs({ mapping: resolve(capabilities, inputs), capabilities, token: "br-x" }).find(
    (entry) => entry.field === field,
  );
  if (codec === undefined) throw new TypeError(field);
  return codec;
};
const issue = (values: Partial<IssueSnapshot>): IssueSnapshot => ({
  remoteId: "I",
  container: "acme/web",
  item: "1",
  title: "",
  body: "",
  state: { id: "open", name: "open", category: "open", reason: null },
  priority: null,
  labels: [],
  type: null,
  assignees: [],
  author: null,
  createdAt: 0,
  updatedAt: 0,
  version: 0,
  commentCount: 0,
  raw: null,
  ...values,
});

describe("default mapping", () => {
  test("has no problem but the two lossy pairs, which come back as their primary", () => {
    expect(checkMapping(resolve(), defaultVocabulary).filter((problem) => problem.severity === "error")).toEqual([]);
  });

  test.each([" high", "high ", "high\n"])("a name that trackers would cut is refused: %j", (remote) => {
    const mapping = resolve(labels, [{ priority: [{ remote, local: ["major"] }] }]);
    const errors = checkMapping(mapping, defaultVocabulary).filter(({ severity }) => severity === "error");
    expect(errors).toEqual([
      {
        severity: "error",
        kind: "contradiction",
        field: "priority",
        path: ["priority", 0],
        message: expect.stringContaining("begins or ends with a space"),
      },
    ]);
  });

  test.each([
    ["blocker", "priority:critical", "blocker"],
    ["critical", "priority:high", "critical"],
    ["major", "priority:medium", "major"],
    ["minor", "priority:low", "minor"],
    ["trivial", "priority:low", "minor"],
  ])("priority %s goes out as %s and comes back as %s", (local, label, back) => {
    const codec = codecOf("priority");
    expect(codec.toRemote(local)).toEqual([label]);
    expect(codec.fromRemote([label])).toBe(back);
  });

  test.each([
    ["open", "open", "open"],
    ["in-progress", "open", "open"],
    ["closed", "closed", "closed"],
    ["achieved", "closed", "closed"],
  ])("status %s goes out as %s and comes back as %s", (local, category, back) => {
    const codec = codecOf("status");
    const remote = codec.toRemote(local) ?? null;
    expect(stateTargetOf(resolve(), local)).toEqual({ category });
    expect(codec.fromRemote(remote)).toBe(back);
  });

  test("a tracker with an active category keeps in-progress apart", () => {
    const codec = codecOf("status", rich);
    expect(codec.fromRemote(codec.toRemote("in-progress") ?? null)).toBe("in-progress");
  });

  test("only labels of the mapping are seen, however they are spelt", () => {
    const codec = codecOf("priority");
    expect(codec.readRemote(issue({ labels: ["Priority:HIGH", "priority:someday", "bug"] }))).toEqual([
      "priority:high",
    ]);
    expect(codec.readRemote(issue({ labels: ["bug"] }))).toEqual([]);
    expect(codec.fromRemote([])).toBeUndefined();
  });

  test("a state of its own goes before its category, and an unknown one stands for nothing", () => {
    const inputs = [
      {
        status: [
          { category: "open" as const, local: ["open", "in-progress"], primary: "open" },
          { category: "closed" as const, local: ["closed"] },
          { category: "closed" as const, state: "Done", local: ["achieved"] },
        ],
      },
    ];
    const codec = codecOf("status", rich, inputs);
    const done = issue({ state: { id: "5", name: "done", category: "closed", reason: null } });
    expect(codec.fromRemote(codec.readRemote(done))).toBe("achieved");
    const active = issue({ state: { id: "7", name: "Doing", category: "active", reason: null } });
    expect(codec.fromRemote(codec.readRemote(active))).toBeUndefined();
  });
});

describe("any mapping that passes the check", () => {
  const partition = fc
    .shuffledSubarray([...defaultVocabulary.priorities], { minLength: 5 })
    .chain((values) => fc.tuple(fc.constant(values), fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 })))
    .map(([values, cuts]) => {
      const bounds = [...new Set([0, ...cuts, values.length])].sort((a, b) => a - b);
      return bounds
        .slice(1)
        .map((end, index) => ({ remote: `label-${index}`, local: values.slice(bounds[index], end) }));
    });

  test("comes back to an equivalent value, and going out again changes nothing", () => {
    fc.assert(
      fc.property(partition, fc.constantFrom(...defaultVocabulary.priorities), (priority, local) => {
        const inputs = [{ priority }];
        expect(
          checkMapping(resolve(labels, inputs), defaultVocabulary).filter((entry) => entry.severity === "error"),
        ).toEqual([]);
        const codec = codecOf("priority", labels, inputs);
        const remote = codec.toRemote(local) ?? null;
        const back = codec.fromRemote(remote) ?? null;
        expect(codec.toRemote(back)).toEqual(remote);
      }),
    );
  });
});

describe("what an admin is told of a mapping", () => {
  const told = (inputs: Parameters<typeof resolveMapping>[0]["inputs"], capabilities = labels) =>
    checkMapping(resolve(capabilities, inputs), defaultVocabulary, capabilities).map(
      ({ severity, kind, path, message }) => [severity, kind, path.join("."), message],
    );
  const complete = [
    { remote: "priority:high", local: ["blocker"] },
    { remote: "priority:2", local: ["critical"] },
    { remote: "priority:3", local: ["major"] },
    { remote: "priority:4", local: ["minor"] },
    { remote: "priority:5", local: ["trivial"] },
  ];
  const status = [
    { category: "open" as const, local: ["open"] },
    { category: "closed" as const, local: ["closed"] },
    { category: "open" as const, state: "Doing", local: ["in-progress"] },
    { category: "closed" as const, state: "Won", local: ["achieved"] },
  ];

  test("nothing of one where every value has its own", () => {
    expect(told([{ priority: complete, status }])).toEqual([]);
  });

  test("unmapped value: one of ours, one of the tracker's, and a category that the tracker has not", () => {
    expect(told([{ priority: complete.slice(1), status }])).toEqual([
      [
        "warning",
        "unmapped-value",
        "priority",
        'priority: "blocker" has no counterpart and will not be sent. Add it to an entry.',
      ],
    ]);
    expect(told([{ priority: complete, status: status.filter(({ local }) => !local.includes("closed")) }])).toEqual([
      [
        "warning",
        "unmapped-value",
        "status",
        'status: "closed" has no counterpart and will not be sent. Add it to an entry.',
      ],
      [
        "warning",
        "unmapped-value",
        "status",
        'status: issues of category closed stand for nothing here, unless their state is named. Add an entry { category: "closed", local: […] }.',
      ],
    ]);
    const active = status.map((entry) =>
      entry.state === "Doing" ? { category: "active" as const, local: ["in-progress"] } : entry,
    );
    expect(told([{ priority: complete, status: active }])).toEqual([
      [
        "warning",
        "unmapped-value",
        "status.2.category",
        "status: the tracker knows no category active, so in-progress cannot be sent as one. It knows open, closed.",
      ],
    ]);
  });

  test("missing primary: which of several comes back; lossy pair: that the others do not", () => {
    const pair = { remote: "priority:low", local: ["minor", "trivial"] };
    const [first, second, third] = complete;
    const priority = [first, second, third].filter((entry) => entry !== undefined);
    expect(told([{ status, priority: [...priority, pair] }])).toEqual([
      [
        "warning",
        "missing-primary",
        "priority.3.primary",
        'priority: "priority:low" stands for minor, trivial; it will come back as "minor". Set primary to choose.',
      ],
    ]);
    expect(told([{ status, priority: [...priority, { ...pair, primary: "trivial" }] }])).toEqual([
      [
        "warning",
        "lossy-pair",
        "priority.3.local",
        'priority: minor, trivial all go out as "priority:low", which comes back as "trivial". A defect keeps its own value until the issue says something else.',
      ],
    ]);
    const out = { fields: { priority: { direction: "out" as const } } };
    expect(told([{ status, priority: [...priority, pair], ...out }])).toEqual([]);
  });

  test("unknown label prefix: one that is not like the others, or none at all", () => {
    const [, ...others] = complete;
    expect(told([{ status, priority: [{ remote: "urgent", local: ["blocker"] }, ...others] }])).toEqual([
      [
        "warning",
        "unknown-label-prefix",
        "priority.0.remote",
        'priority: the label "urgent" does not begin with "priority:" as others do. Backref adds and takes off every label of the mapping, whoever put it there: make sure that nobody uses it for something else.',
      ],
    ]);
    const bare = complete.map((entry, index) => ({ ...entry, remote: `P${index}` }));
    expect(told([{ status, priority: bare }])).toEqual([
      ["warning", "unknown-label-prefix", "priority", expect.stringMatching('"P0", "P1".*have no prefix')],
    ]);
    expect(told([{ status: [], priority: bare }], rich).filter(([, kind]) => kind === "unknown-label-prefix")).toEqual(
      [],
    );
  });

  test("contradictions are errors, with the place of each", () => {
    const wrong = [
      { remote: "priority:1", local: ["blocker", "critical"], primary: "major" },
      { remote: "Priority:1", local: ["critical"] },
      { remote: "priority:3", local: ["urgent"] },
      { remote: "priority:4", local: [] },
    ];
    const errors = told([{ status, priority: wrong }]).filter(([severity]) => severity === "error");
    expect(errors.map(([, , path]) => path)).toEqual([
      "priority.0.primary",
      "priority.1",
      "priority.1.local.0",
      "priority.2.local.0",
      "priority.3.local",
    ]);
  });
});

describe("checkMapping", () => {
  const problems = (inputs: Parameters<typeof resolveMapping>[0]["inputs"]) =>
    checkMapping(resolve(labels, inputs), defaultVocabulary).map((problem) => problem.message);

  test("says in words what is unmapped, contradictory or unknown", () => {
    const found = problems([
      {
        priority: [
          { remote: "a", local: ["blocker", "critical"], primary: "major" },
          { remote: "A", local: ["critical"] },
          { remote: "c", local: ["urgent"] },
          { remote: "d", local: [] },
        ],
      },
    ]).join("\n");
    for (const words of [
      '"A" is mapped twice',
      'primary "major"',
      '"critical" goes out as both',
      '"urgent" is not a value',
      '"d" has no local value',
      '"trivial" has no counterpart',
    ]) {
      expect(found).toContain(words);
    }
  });
});
