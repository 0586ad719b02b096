/** A small JSON file that is always whole: checked when read, replaced by rename when written. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { z } from 'zod';

/** What the file holds, or `fallback` when it is missing or not of that shape. */
export async function readJson<Shape extends z.ZodType>(file: string, shape: Shape, fallback: z.infer<Shape>): Promise<z.infer<Shape>> {
  try {
    return shape.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return fallback;
  }
}

export async function writeJson(file: string, value: unknown): Promise<void> {
  const beside = `${file}.${process.pid}.new`;
  await writeFile(beside, `${JSON.stringify(value, null, 2)}\n`);
  await rename(beside, file);
}
