/**
 * What every benchmark says at its end: a table for people and, with `--json FILE`, the same rows for programs.
 * `beside` is the comparator of the same run, `ratio` is ours / beside; null where nothing stands beside.
 */
import fs from 'node:fs';

export interface Row {
  measure: string;
  ours: number;
  beside: number | null;
  ratio: number | null;
  /** In words: "<= 40 ms", ">= 0.99". Empty where the figure is only reported. */
  aim: string;
  /** Null where there is no aim. */
  ok: boolean | null;
}

interface Aim {
  /** What is held to the aim; `ours` when left out. */
  of?: 'ours' | 'ratio';
  atMost?: number;
  atLeast?: number;
}

/** One row, with its ratio and whether the aim was met. */
export function row(measure: string, figures: { ours: number; beside?: number | undefined }, aim: Aim = {}): Row {
  const beside = figures.beside ?? null;
  const ratio = beside === null || beside === 0 ? null : round(figures.ours / beside);
  const held = aim.of === 'ratio' ? ratio : figures.ours;
  const words = [aim.atMost === undefined ? [] : `<= ${aim.atMost}`, aim.atLeast === undefined ? [] : `>= ${aim.atLeast}`].flat();
  const isMet = held !== null && held <= (aim.atMost ?? Infinity) && held >= (aim.atLeast ?? -Infinity);
  return {
    measure, ours: round(figures.ours), beside: beside === null ? null : round(beside), ratio,
    aim: words.length === 0 ? '' : `${aim.of === 'ratio' ? 'ratio ' : ''}${words.join(', ')}`,
    ok: words.length === 0 ? null : isMet,
  };
}

/** Prints the rows as a table and writes them to `json` where it is given. */
export function report(rows: readonly Row[], { title, json }: { title: string; json?: string | undefined }): void {
  console.log(`\n${title}`);
  console.table(rows);
  const held = rows.filter((one) => one.ok !== null);
  console.log(`${held.filter((one) => one.ok).length} of ${held.length} aims reached.`);
  if (json !== undefined) fs.writeFileSync(json, `${JSON.stringify(rows, null, 2)}\n`);
}

/** The value below which that share of the values lies; NaN for none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function round(value: number): number {
  const digits = Math.abs(value) < 10 ? 1000 : 10;
  return Math.round(value * digits) / digits;
}
