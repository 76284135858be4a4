/** What a relation counts as. Only references of the kind `defect` stand in defect figures. */
export type RelationKind = "general" | "defect";

/** What a reference means. */
export interface Relation {
  readonly id: string;
  /** Read from the test object: "Blocks". */
  readonly name: string;
  /** Read from the issue: "Is blocked by". */
  readonly inverseName: string;
  /** Only `defect` counts in defect figures. */
  readonly kind: RelationKind;
  readonly enabled: boolean;
  /** Projects that may use it; null for all. */
  readonly projects: readonly string[] | null;
  /** Built-in ones can be renamed and disabled, never deleted. */
  readonly builtIn: boolean;
}

/** The relations every tenant has from the start. Their ids are constants. */
export const builtInRelations: readonly Relation[] = [
  builtIn("relates-to", "Relates to", "Is related to", "general"),
  builtIn("defect", "Defect", "Is a defect of", "defect"),
  builtIn("blocks", "Blocks", "Is blocked by", "general"),
];

function builtIn(id: string, name: string, inverseName: string, kind: RelationKind): Relation {
  return { id, name, inverseName, kind, enabled: true, projects: null, builtIn: true };
}
