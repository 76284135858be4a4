const json = { "content-type": "application/json" };
const html = { "content-type": "text/html" };

/** One that ends in the middle of its body. */
function brokenOff(): ReadableStream<Uint8Array> {
  let isFirst = true;
  return new ReadableStream({
    pull(controller) {
      if (isFirst) controller.enqueue(new TextEncoder().encode('{"id":'));
      else controller.error(new TypeError("terminated"));
      isFirst = false;
    },
  });
}

/** What stands between a host and its tracker may answer in the tracker's place. */
export const strangeAnswers: Readonly<Record<string, (url: string) => Response>> = {
  "a sign-in page": () => new Response("<html><title>Sign in</title></html>", { headers: html }),
  "a page that claims to be JSON": () => new Response("<html><title>Sign in</title></html>", { headers: json }),
  "half of it": () => new Response(brokenOff(), { headers: json }),
  "a redirect to itself": (url) => new Response(null, { status: 302, headers: { location: url } }),
};
