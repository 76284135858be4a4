/** Backref's ids are our numbers as texts. Whatever else people may have typed is the number of no bug. */
export function bugNumbers(ids: readonly string[]): readonly string[] {
  return ids.filter((id) => /^[1-9]\d{0,17}$/.test(id));
}
