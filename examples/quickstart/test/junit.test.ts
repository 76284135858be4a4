import { describe, expect, test } from "vitest";
import { InputError } from "../src/input-error.ts";
import { type FailedCase, parseJUnit } from "../src/junit.ts";

function failuresIn(xml: string): readonly FailedCase[] {
  return parseJUnit(xml)?.failed ?? [];
}

describe("flavours", () => {
  test("vitest: a file per suite, exceptions among the failures", () => {
    const failed = failuresIn(`<?xml version="1.0" encoding="UTF-8" ?>
      <testsuites name="vitest tests" tests="3" failures="2" errors="0" time="0.02">
        <testsuite name="test/totals.test.ts" timestamp="2026-11-21T06:59:48.848Z" tests="3" failures="2" time="0.01">
          <testcase classname="test/totals.test.ts" name="total &gt; adds up" time="0.0061">
            <failure message="expected 1 to be 2 // Object.is equality" type="AssertionError">
AssertionError: expected 1 to be 2 // Object.is equality
 ❯ test/totals.test.ts:7:19
            </failure>
          </testcase>
          <testcase classname="test/totals.test.ts" name="total &gt; is there" time="0.001">
            <failure message="Reduce of empty array" type="TypeError">TypeError: Reduce of empty array</failure>
          </testcase>
          <testcase classname="test/totals.test.ts" name="total &gt; later" time="0"><skipped/></testcase>
        </testsuite>
      </testsuites>`);
    expect(failed).toMatchObject([
      {
        caseId: "test/totals.test.ts > total > adds up",
        kind: "failure",
        message: "expected 1 to be 2 // Object.is equality",
        durationMs: 6,
        startedAt: Date.UTC(2026, 10, 21, 6, 59, 48, 848),
        position: 1,
      },
      {
        caseId: "test/totals.test.ts > total > is there",
        kind: "error",
        message: "Reduce of empty array",
        position: 2,
      },
    ]);
    expect(failed[0]?.details).toMatch(/^AssertionError: .*\n ❯ test\/totals\.test\.ts:7:19$/);
  });

  test("jest: no message but the text, in colours; class name and name alike", () => {
    const [failed] = failuresIn(`<testsuites name="jest tests">
      <testsuite name="math" timestamp="2026-11-21T06:59:48" tests="1" failures="1">
        <testcase classname="math adds" name="math adds" time="0.004" file="src/math.test.js">
          <failure>Error: \u001B[2mexpect(\u001B[22mreceived\u001B[2m)\u001B[22m.toBe(expected)

Expected: 2
    at Object.toBe (src/math.test.js:4:17)</failure>
        </testcase>
      </testsuite>
    </testsuites>`);
    expect(failed).toMatchObject({
      caseId: "math adds",
      file: "src/math.test.js",
      kind: "failure",
      message: "Error: expect(received).toBe(expected)",
    });
  });

  test("pytest: errors in fixtures, line breaks in attributes", () => {
    const failed = failuresIn(`<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests">
      <testsuite name="pytest" errors="1" failures="1" tests="2" timestamp="2026-11-21T07:00:00.123456+01:00">
        <testcase classname="tests.test_cart.TestCart" name="test_total[1-2]" time="0.001">
          <failure message="assert 1 == 2&#10; +  where 1 = total()">def test_total():
&gt;       assert total() == 2
E       assert 1 == 2</failure>
          <system-out>captured &lt;text&gt;</system-out>
        </testcase>
        <testcase classname="tests.test_cart" name="test_other" time="0.002">
          <error message="failed on setup with &quot;OSError: full&quot;">stack</error>
        </testcase>
      </testsuite></testsuites>`);
    expect(failed).toMatchObject([
      {
        caseId: "tests.test_cart.TestCart > test_total[1-2]",
        message: "assert 1 == 2",
        startedAt: Date.UTC(2026, 10, 21, 6, 0, 0, 123),
      },
      { kind: "error", message: 'failed on setup with "OSError: full"' },
    ]);
    expect(failed[0]?.details).toContain("+  where 1 = total()\n\ndef test_total():\n>       assert total() == 2");
    expect(failed[0]?.details).not.toContain("captured");
  });

  test("node:test: suites in suites, cases without a suite, a class name that tells nothing", () => {
    const report = parseJUnit(`<?xml version="1.0" encoding="utf-8"?>
      <testsuites>
        <testcase name="alone" time="0.0005" classname="test" file="/srv/app/alone.test.js"/>
        <testsuite name="cart" time="0.01" disabled="0" errors="0" tests="1" failures="1" skipped="0" hostname="ci">
          <testsuite name="totals" time="0.005" tests="1" failures="1">
            <testcase name="adds up" time="0.001" classname="test" failure="Expected values to be strictly equal">
              <failure type="testCodeFailure" message="Expected values to be strictly equal">
[Error [ERR_TEST_FAILURE]: Expected values to be strictly equal]</failure>
            </testcase>
          </testsuite>
        </testsuite>
        <!-- tests 2 -->
      </testsuites>`);
    expect(report?.cases).toBe(2);
    expect(report?.failed).toMatchObject([{ caseId: "cart > totals > adds up", kind: "failure", position: 2 }]);
  });

  test("Maven: a single suite, CDATA, and retries that went well in the end", () => {
    const failed = failuresIn(`<?xml version="1.0" encoding="UTF-8"?>
      <testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" name="com.acme.CartTest" tests="3" errors="1">
        <properties><property name="java.version" value="25"/></properties>
        <testcase name="total" classname="com.acme.CartTest" time="1,234.5">
          <error message="null" type="java.lang.NullPointerException"><![CDATA[java.lang.NullPointerException: a < b && c
	at com.acme.Cart.total(Cart.java:7)]]></error>
          <rerunError type="java.lang.NullPointerException"><stackTrace><![CDATA[again]]></stackTrace></rerunError>
        </testcase>
        <testcase name="flaky" classname="com.acme.CartTest" time="0.1">
          <flakyFailure message="once" type="java.lang.AssertionError"><stackTrace><![CDATA[once]]></stackTrace></flakyFailure>
        </testcase>
        <testcase name="equal" classname="com.acme.CartTest" time="0.1">
          <failure type="org.opentest4j.AssertionFailedError"/>
        </testcase>
      </testsuite>`);
    expect(failed).toMatchObject([
      { caseId: "com.acme.CartTest > total", kind: "error" },
      {
        caseId: "com.acme.CartTest > equal",
        kind: "failure",
        message: "org.opentest4j.AssertionFailedError",
        details: "",
      },
    ]);
    expect(failed[0]?.details).toContain("a < b && c\n\tat com.acme.Cart.total");
  });
});

describe("odd reports", () => {
  test("keep what they have", () => {
    expect(failuresIn("\uFEFF<testsuite><testcase><failure/></testcase></testsuite>")).toMatchObject([
      {
        caseId: "(case without a name)",
        message: "failed",
        details: "",
        durationMs: null,
        startedAt: null,
        file: null,
      },
    ]);
    const twice = failuresIn(
      '<testsuite><testcase name="c"><failure>one</failure><error>two</error></testcase></testsuite>',
    );
    expect(twice).toMatchObject([{ kind: "error", message: "one", details: "one\n\ntwo" }]);
    expect(parseJUnit("<testsuites/>")).toEqual({ cases: 0, failed: [] });
  });

  test("may be long", () => {
    const testCase = '<testcase name="a &gt; b"><failure message="&lt;x&gt;">a &amp; b</failure></testcase>';
    const failed = failuresIn(`<testsuite>${testCase.repeat(5_000)}</testsuite>`);
    expect(failed).toHaveLength(5_000);
    expect(failed.at(-1)).toMatchObject({ caseId: "a > b", message: "<x>", position: 5_000 });
  });

  test("are told from what is none", () => {
    expect(parseJUnit("<html><body/></html>")).toBeNull();
    expect(() => parseJUnit("<a>\n<b></a>")).toThrow(/not well-formed XML.*'b'.*\(line 2\)/);
    expect(() => parseJUnit("1 passed")).toThrow(InputError);
    expect(() => parseJUnit("")).toThrow(InputError);
    const external = '<!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/hostname">]><testsuite>&x;</testsuite>';
    expect(() => parseJUnit(external)).toThrow(InputError);
  });
});
