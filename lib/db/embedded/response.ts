/** Messages that the embedded database answers itself, in the Postgres protocol (version 3, "Message Formats"). */

/** An ErrorResponse after which the connection ends. `code` is a SQLSTATE. */
export function fatalResponse(code: string, sentence: string): Uint8Array {
  return errorResponse('FATAL', code, sentence);
}

function errorResponse(severity: 'FATAL' | 'ERROR', code: string, sentence: string): Uint8Array {
  const fields = Buffer.from(`S${severity}\0V${severity}\0C${code}\0M${sentence}\0\0`);
  const header = Buffer.alloc(5, 'E');
  header.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([header, fields]);
}
