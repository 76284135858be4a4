/** As Azure DevOps writes times: without trailing zeros. */
export function iso(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.?0*Z$/, "Z");
}

/** The end of what has not ended. */
export const never = "9999-01-01T00:00:00Z";
