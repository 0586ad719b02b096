/**
 * `COPY ... FROM STDIN` reads what the client sends next, which PGlite cannot wait for: it loses its place in the
 * protocol and ends. Such a statement is exchanged for one that fails in words, so that Postgres itself undoes the
 * transaction around it and skips the rest of its message.
 */
const query = 0x51;
const parse = 0x50;
const sentence = 'The embedded database cannot take COPY FROM STDIN. Insert the rows, or use a Postgres server.';
const refusal = `do $$ begin raise exception using errcode = '0A000', message = '${sentence}'; end $$`;

/** What does not count as a word of a statement: strings, quoted names and comments. */
const quoted = /'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$\w*\$)[^]*?\1|--.*|\/\*[^]*?\*\//g;

/** The message itself, or the one to send in its place. */
export function refuseCopy(message: Uint8Array): Uint8Array {
  if (message[0] !== query && message[0] !== parse) return message;
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  const nameEnd = message[0] === parse ? bytes.indexOf(0, 5) + 1 : 5;
  const textEnd = bytes.indexOf(0, nameEnd);
  if (!copiesFromClient(bytes.toString('latin1', nameEnd, textEnd))) return message;
  const exchanged = Buffer.concat([bytes.subarray(0, nameEnd), Buffer.from(refusal), bytes.subarray(textEnd)]);
  exchanged.writeInt32BE(exchanged.length - 1, 1);
  return exchanged;
}

function copiesFromClient(text: string): boolean {
  return /\bstdin\b/i.test(text) && /\bcopy\b[^;]*\bfrom\s+stdin\b/i.test(text.replace(quoted, ' '));
}
