/** Numbers in the binary form of a Postgres array, which the server reads without parsing text. Pure. */

const float4Oid = 700;
const headBytes = 20;
const elementBytes = 8;

/**
 * All vectors one after the other as one float4[] (PostgreSQL source, array_recv: dimensions, null flag, element type,
 * then length and lower bound of the dimension, then each element with its length; integers and floats big-endian).
 */
export function toFloatArray(vectors: readonly (readonly number[])[]): Buffer {
  const count = vectors.reduce((sum, vector) => sum + vector.length, 0);
  const buffer = Buffer.allocUnsafe(headBytes + count * elementBytes);
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(0, 4);
  buffer.writeInt32BE(float4Oid, 8);
  buffer.writeInt32BE(count, 12);
  buffer.writeInt32BE(1, 16);
  let at = headBytes;
  for (const vector of vectors) {
    for (const number of vector) {
      buffer.writeInt32BE(4, at);
      buffer.writeFloatBE(number, at + 4);
      at += elementBytes;
    }
  }
  return buffer;
}
