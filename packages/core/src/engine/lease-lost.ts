/** Someone else holds the link by now: everything that was not committed is theirs to find out. */
export class LeaseLost extends Error {
  override readonly name: string = "LeaseLost";
}

/** The defect changed between reading and writing: look again. */
export class DefectMoved extends Error {
  override readonly name: string = "DefectMoved";
}
