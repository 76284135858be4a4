import { createIdentityBook, type IdentityBook } from "../domain/identity-book.ts";
import type { SourceRow } from "../storage/rows/source-rows.ts";
import type { Storage, StorageScope } from "../storage/storage.ts";

/** Who is who at each source's tracker, as far as it has to be known as a whole. */
export interface Identities {
  bookOf(scope: StorageScope, source: Pick<SourceRow, "id" | "mappingVersion">): Promise<IdentityBook>;
}

const mostBooks = 50;

/**
 * Keeps the books of the sources asked for last. Every change of a source's identities is a new version of its mapping, so a
 * book is good for as long as that stays.
 */
export function createIdentities(storage: Storage): Identities {
  const books = new Map<string, { readonly version: number; readonly book: Promise<IdentityBook> }>();
  return {
    bookOf({ tenantId }, { id, mappingVersion }) {
      const key = JSON.stringify([tenantId, id]);
      const known = books.get(key);
      books.delete(key);
      const isCurrent = known !== undefined && known.version === mappingVersion;
      const book = isCurrent
        ? known.book
        : storage.find({ tenantId }, { table: "identity", by: "source", keys: [[id]] }).then(createIdentityBook);
      books.set(key, { version: mappingVersion, book });
      // What could not be read is asked for again.
      book.catch(() => books.delete(key));
      const [oldest] = books.keys();
      if (books.size > mostBooks && oldest !== undefined) books.delete(oldest);
      return book;
    },
  };
}
