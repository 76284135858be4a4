import { expect, test } from "vitest";
import { isPrivateAddress, isPrivateHost } from "../../src/outgoing/private-addresses.ts";

test.each([
  "0.0.0.0",
  "10.255.255.255",
  "100.64.0.1",
  "127.0.0.1",
  "127.255.255.254",
  "169.254.169.254",
  "172.16.0.1",
  "192.168.0.1",
  "198.18.0.1",
  "224.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::ffff:127.0.0.1",
  "::ffff:a9fe:a9fe",
  "::127.0.0.1",
  "fe80::1",
  "fe80::1%eth0",
  "febf::1",
  "fec0::1",
  "fc00::1",
  "fdff::1",
  "ff02::1",
  "64:ff9b::127.0.0.1",
  "64:ff9b::a9fe:a9fe",
  "64:ff9b::10.0.0.0",
  "64:ff9b:1::1",
  "2001::1",
  "2002:7f00:1::",
  "100::1",
  "not an address",
  "",
])("%s is private", (address) => {
  expect(isPrivateAddress(address)).toBe(true);
});

test.each([
  "8.8.8.8",
  "126.255.255.255",
  "128.0.0.1",
  "172.15.255.255",
  "172.32.0.1",
  "223.255.255.255",
  "2606:50c0:8000::153",
  "2001:4860:4860::8888",
  "::ffff:8.8.8.8",
  "64:ff9b::8.8.8.8",
  "64:ff9b::808:808",
])("%s is not", (address) => {
  expect(isPrivateAddress(address)).toBe(false);
});

test.each([
  ["[::1]", true],
  ["localhost", true],
  ["localhost.", true],
  ["tracker", true],
  ["tracker.LOCAL", true],
  ["tracker.home.arpa", true],
  ["localhost.example.com", false],
  ["internal.example.com", false],
])("the host %s: %s", (host, isPrivate) => {
  expect(isPrivateHost(host)).toBe(isPrivate);
});
