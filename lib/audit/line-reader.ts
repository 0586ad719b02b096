/** Cuts a stream of bytes into lines, each with its line break; what stands after the last one comes last, without. */

/** Longer than any line of an export; more would be read into memory by a file that is none. */
const lineBytesMax = 256 * 1024 * 1024;
const lineBreak = 0x0a;

export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let bytes = 0;
  for await (const piece of chunks) {
    const chunk = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    let start = 0;
    for (let at = chunk.indexOf(lineBreak); at >= 0; at = chunk.indexOf(lineBreak, start)) {
      yield waiting.length === 0 ? chunk.subarray(start, at + 1) : Buffer.concat([...waiting, chunk.subarray(start, at + 1)]);
      waiting = [];
      bytes = 0;
      start = at + 1;
    }
    if (start < chunk.length) {
      waiting.push(chunk.subarray(start));
      bytes += chunk.length - start;
    }
    if (bytes > lineBytesMax) break;
  }
  if (waiting.length > 0) yield Buffer.concat(waiting);
}
