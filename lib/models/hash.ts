/** SHA-256 of a file on disk, read as a stream. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** Hex SHA-256. `onBytes` is told after each piece how many bytes were read in all. */
export async function hashFile(file: string, onBytes: (bytes: number) => void = () => {}): Promise<string> {
  const hash = createHash('sha256');
  let read = 0;
  for await (const piece of createReadStream(file, { highWaterMark: 2 ** 20 })) {
    hash.update(piece);
    read += piece.length;
    onBytes(read);
  }
  return hash.digest('hex');
}
