import { type CsvValue, csvLine } from "./csv.ts";
import type { ExportFormat, TraceabilityExport } from "./export-types.ts";

/** What is exported, however it is written. */
export interface ExportContent<Item> {
  /** In the file name, and the field of the list in JSON: `references`. */
  readonly name: string;
  /** Cells of an item by their names, in order. Names and order are part of the public interface. */
  readonly columns: Readonly<Record<string, (item: Item) => CsvValue>>;
  batches(): AsyncIterable<readonly Item[]>;
  /** Milliseconds since 1970 UTC. */
  readonly at: number;
}

const mark = "\ufeff";

export function createExport<Item>(content: ExportContent<Item>, format: ExportFormat): TraceabilityExport {
  const at = new Date(content.at).toISOString();
  const contentType = format.format === "csv" ? "text/csv; charset=utf-8; header=present" : "application/json";
  const fileName = `${content.name}-${at.slice(0, 10)}.${format.format}`;
  const text = () =>
    format.format === "csv" ? csvText(content, format.byteOrderMark ?? false) : jsonText(content, at);
  const stream = () => encoded(text());
  return {
    contentType,
    fileName,
    text,
    stream,
    response: () =>
      new Response(stream(), {
        headers: {
          "content-type": contentType,
          "content-disposition": `attachment; filename="${fileName}"`,
          "cache-control": "no-store",
          "x-content-type-options": "nosniff",
        },
      }),
  };
}

async function* csvText<Item>({ columns, batches }: ExportContent<Item>, byteOrderMark: boolean) {
  yield `${byteOrderMark ? mark : ""}${csvLine(Object.keys(columns))}`;
  const cells = Object.values(columns);
  for await (const items of batches()) {
    yield items.map((item) => csvLine(cells.map((cell) => cell(item)))).join("");
  }
}

/** One JSON document, an item a line. The count at its end says that it is whole. */
async function* jsonText<Item>({ name, batches }: ExportContent<Item>, at: string) {
  yield `{"version":1,"exportedAt":${JSON.stringify(at)},${JSON.stringify(name)}:[`;
  let count = 0;
  for await (const items of batches()) {
    yield items.map((item, index) => `${count + index === 0 ? "" : ","}\n${JSON.stringify(item)}`).join("");
    count += items.length;
  }
  yield `\n],"count":${count}}\n`;
}

/** Nothing is read ahead of whoever takes it. */
function encoded(text: AsyncGenerator<string, void>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await text.next();
        if (done === true) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      async cancel() {
        await text.return();
      },
    },
    { highWaterMark: 0 },
  );
}
