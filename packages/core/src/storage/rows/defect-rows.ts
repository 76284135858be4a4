/** The host-side record of a fault. `revision` grows with every change of it or of its comments. */
export interface DefectRow {
  readonly tenantId: string;
  readonly id: string;
  readonly projectId: string;
  readonly title: string;
  /** Markdown. */
  readonly description: string;
  readonly status: string;
  readonly priority: string | null;
  /** Host user id. */
  readonly assignee: string | null;
  readonly revision: number;
  /** When each field last changed, our wall clock. */
  readonly changedAt: Readonly<Record<string, number>>;
  /** The link by which each field last changed; a person's change removes the entry. */
  readonly changedBy: Readonly<Record<string, string>>;
  readonly createdBy: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** One failing result of a defect. Unique: project and result where a result is given. */
export interface OccurrenceRow {
  readonly tenantId: string;
  readonly id: string;
  readonly defectId: string;
  readonly projectId: string;
  readonly caseId: string;
  readonly runId: string | null;
  readonly resultId: string | null;
  readonly fingerprint: string;
  readonly at: number;
}

/** A comment of a defect. Those written at a tracker are here too, once they came in. */
export interface DefectCommentRow {
  readonly tenantId: string;
  readonly id: string;
  readonly defectId: string;
  /** Markdown. */
  readonly body: string;
  readonly visibility: "public" | "internal";
  /** Host user id; null for comments that came from an account at a tracker whose user is not known. */
  readonly authorId: string | null;
  readonly authorName: string;
  /** Null for comments written in the host, else the link it came in by. */
  readonly originLinkId: string | null;
  readonly revision: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly deletedAt: number | null;
}
