import { describe, expect, test } from "vitest";
import { decodeXml } from "../src/decode-xml.ts";
import { parseXml } from "../src/xml.ts";

describe("reports in other encodings", () => {
  test("the declaration or the byte order mark says which", () => {
    const latin = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>\u00fc</a>', "latin1");
    expect(decodeXml(latin)).toContain("\u00fc");
    expect(decodeXml(Buffer.from("\ufeff<a>\u00fc</a>", "utf16le"))).toContain("\u00fc");
    expect(decodeXml(Buffer.from("<a>\u00fc</a>", "utf8"))).toBe("<a>\u00fc</a>");
  });

  test("bytes that are none of it, and encodings nobody knows, are told", () => {
    expect(() => decodeXml(Buffer.from([0x3c, 0x61, 0xff, 0x3e]))).toThrow(/not readable as utf-8/);
    expect(() => decodeXml(Buffer.from('<?xml version="1.0" encoding="klingon"?><a/>'))).toThrow(/klingon/);
  });

  test("control characters do not come through", () => {
    expect(parseXml('<a b="x\u0001y">1\u0007\n2</a>')).toMatchObject({ attributes: { b: "xy" }, text: "1\n2" });
  });
});
