/** Counts outcomes of all steps and prints failures, reasons for skipping and what was slowest; the last line is made here. */
import path from 'node:path';
import { root } from '../start/build.ts';
import type { TestReport } from './reporter.ts';

const stackLinesShown = 14;

export class Tally {
  #passed = 0;
  #failed = 0;
  readonly #skipped: string[] = [];
  readonly #slowest: number;

  /** `slowest`: of how many tests and files of each step to print the time. */
  constructor(slowest = 0) {
    this.#slowest = slowest;
  }

  get failed(): number {
    return this.#failed;
  }

  /** Prints what a person must see of one step and adds its counts. */
  add(step: string, reports: readonly TestReport[], ms: number): void {
    const of = (outcome: TestReport['outcome']): TestReport[] => reports.filter((report) => report.outcome === outcome);
    this.#passed += of('passed').length;
    this.#failed += of('failed').length;
    for (const report of of('skipped')) this.#skipped.push(`${where(report)}${report.name}: ${report.detail}`);
    const skipped = of('skipped').length > 0 ? `, ${of('skipped').length} skipped` : '';
    process.stdout.write(`${step.padEnd(13)} ${of('passed').length} passed, ${of('failed').length} failed${skipped}  (${(ms / 1000).toFixed(1)} s)\n`);
    for (const report of of('noted')) process.stdout.write(`  ${report.detail}\n`);
    for (const report of of('failed')) process.stdout.write(formatFailure(report));
    const slow = reports.filter((report) => report.outcome !== 'noted').sort((a, b) => b.ms - a.ms).slice(0, this.#slowest);
    for (const report of slow) process.stdout.write(`  ${(report.ms / 1000).toFixed(1).padStart(6)} s  ${where(report)}${report.name}\n`);
  }

  /** Reasons for skipping, then the one line that scripts read. */
  finish(): void {
    if (this.#skipped.length > 0) process.stdout.write(`\nSkipped:\n${this.#skipped.map((line) => `  ${line}\n`).join('')}`);
    const skipped = this.#skipped.length > 0 ? `, ${this.#skipped.length} skipped` : '';
    process.stdout.write(`\n${this.#passed} passed, ${this.#failed} failed${skipped}\n`);
  }
}

function where(report: TestReport): string {
  return report.file === '' ? '' : `${path.relative(root, report.file)} › `;
}

function formatFailure(report: TestReport): string {
  const lines = report.detail.split('\n').filter((line) => !line.includes('node:internal'));
  return `\n  ✖ ${where(report)}${report.name}\n${lines.slice(0, stackLinesShown * 3).map((line) => `      ${line}\n`).join('')}\n`;
}
