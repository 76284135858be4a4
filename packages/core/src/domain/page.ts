/** What every list takes. */
export interface PageRequest {
  /** Most items to return, 1 to 200. @default 50 */
  readonly limit?: number;
  /** `nextCursor` of the page before; absent for the first page. */
  readonly cursor?: string;
}

/** What every list returns, oldest first unless the method says otherwise. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Pass it as `cursor` for the next page; null where there is none. */
  readonly nextCursor: string | null;
}
