/** Reads server-sent events (WHATWG HTML 9.2.6) from bytes, however they are cut into pieces. Knows nothing of answers. */

/** Feeds pieces of text in, gets the data of each finished event out. Comments and fields other than `data` are dropped. */
export function createEventParser(): (piece: string) => string[] {
  let rest = '';
  let data: string[] = [];
  let atStart = true;
  return (piece) => {
    const finished: string[] = [];
    rest += piece;
    if (atStart && rest.length > 0) {
      atStart = false;
      if (rest.startsWith('\uFEFF')) rest = rest.slice(1);
    }
    for (let end = lineEnd(rest); end !== null; end = lineEnd(rest)) {
      const line = rest.slice(0, end.at);
      rest = rest.slice(end.next);
      if (line === '') {
        if (data.length > 0) finished.push(data.join('\n'));
        data = [];
      } else if (line === 'data' || line.startsWith('data:')) {
        data.push(line.slice(5).replace(/^ /, ''));
      }
    }
    return finished;
  };
}

/** Where the first line ends and the next begins. A CR at the very end waits: an LF may follow in the next piece. */
function lineEnd(text: string): { at: number; next: number } | null {
  const at = text.search(/[\r\n]/);
  if (at < 0) return null;
  if (text[at] === '\n') return { at, next: at + 1 };
  if (at + 1 === text.length) return null;
  return { at, next: text[at + 1] === '\n' ? at + 2 : at + 1 };
}

/** The data of each event of a body, in order. Stops reading the body when the caller stops. */
export async function* readEventData(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parse = createEventParser();
  try {
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
      yield* parse(decoder.decode(value, { stream: true }));
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
