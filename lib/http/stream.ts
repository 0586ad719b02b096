/** Server-sent events from an async iterable (WHATWG HTML 9.2): one JSON object, or text as it is, per event, ended by the iterable. */

const encoder = new TextEncoder();
// Proxies close a silent connection; a comment line keeps it open and the browser ignores it.
const keepAliveMs = 15_000;

/**
 * Streams `events`. When the browser goes away the iterable's `return` is called, so that a generator can stop the
 * model in its `finally`. The iterable itself turns failures into an event; one that throws ends the connection.
 */
export function eventStream(events: AsyncIterable<object | string>): Response {
  const iterator = events[Symbol.asyncIterator]();
  let keepAlive: NodeJS.Timeout | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      keepAlive = setInterval(() => controller.enqueue(encoder.encode(': still here\n\n')), keepAliveMs);
    },
    async pull(controller) {
      try {
        const { done, value } = await iterator.next();
        if (!done) return controller.enqueue(encoder.encode(`data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`));
      } catch (error) {
        // Writing to a stream that has failed would throw where nobody catches it, and end the process.
        clearInterval(keepAlive);
        throw error;
      }
      clearInterval(keepAlive);
      controller.close();
    },
    async cancel() {
      clearInterval(keepAlive);
      await iterator.return?.();
    },
  });
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      // no-transform keeps proxies from holding events back to compress them.
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    },
  });
}
