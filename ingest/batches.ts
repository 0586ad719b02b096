/** Cuts a list into batches that one short transaction can write. Pure. */

/** Consecutive pieces of `items` with at most `countMax` items and, unless one item alone is larger, `sizeMax` by `sizeOf`. */
export function* batches<Item>(items: readonly Item[], { countMax, sizeMax, sizeOf }: { countMax: number; sizeMax: number; sizeOf: (item: Item) => number }): Generator<Item[]> {
  let batch: Item[] = [];
  let size = 0;
  for (const item of items) {
    const more = sizeOf(item);
    if (batch.length > 0 && (batch.length >= countMax || size + more > sizeMax)) {
      yield batch;
      batch = [];
      size = 0;
    }
    batch.push(item);
    size += more;
  }
  if (batch.length > 0) yield batch;
}
