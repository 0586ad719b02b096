/** Tries every path in one random company as each of its members and says where what was shown is not what is allowed. */
import { oracleOf } from '#lib/access/testing-oracle.ts';
import type { World } from '#lib/access/testing-world.ts';
import { buildWorld, endWorld, type Built, type Placed, type Visitor } from './testing-build.ts';
import type { TestModels } from './testing-models.ts';
import { paths as everyPath, type Path } from './testing-paths.ts';
import { visitsTo } from './testing-visit.ts';

export interface Tried {
  /** Shown and not allowed, or a canary where it must not be. */
  leaks: string[];
  /** Allowed and not shown. */
  refusals: string[];
  counts: { looks: number; requests: number; bytes: number };
}

export interface Trial {
  models: TestModels | null;
  /** Documents that are asked for one by one, for each member and path; Infinity: all. */
  perMember: number;
  /** Every path as one member only, but for the cheap ones, and slow ones in some companies only. */
  isQuick?: boolean;
  paths?: readonly Path[];
  /** What happens between the company's making and the visits; returns how it is undone. */
  meanwhile?: () => Promise<() => Promise<unknown>>;
}

export async function tryWorld(world: World, { models, perMember, isQuick = false, paths = everyPath, meanwhile }: Trial): Promise<Tried> {
  const oracle = oracleOf(world);
  const built = await buildWorld(world);
  const undo = await meanwhile?.();
  const visits = visitsTo(built, oracle, models);
  const tried: Tried = { leaks: [], refusals: [], counts: { looks: 0, ...visits.counts } };
  try {
    for (const [at, path] of paths.entries()) {
      if (isQuick && path.slow === true && (world.choice + at) % 3 !== 0) continue;
      const isWanted = ({ number }: Visitor): boolean => !isQuick || path.cheap === true || (number + world.choice + at) % built.visitors.length === 0;
      for (const visitor of built.visitors.filter(isWanted)) {
        const sample = choose(built, world.choice + at * 7 + visitor.number * 3, perMember);
        const { shown, allowed } = await path.look({ built, oracle, visitor, sample, visits });
        const told = (what: string): string => `${path.name}: ${what} for member ${visitor.number} (${visitor.actor.role})`;
        tried.leaks.push(...shown.filter((one) => !allowed.includes(one)).map(told));
        tried.refusals.push(...allowed.filter((one) => !shown.includes(one)).map(told));
        tried.counts.looks += 1;
      }
    }
  } finally {
    await undo?.();
    await endWorld(built);
  }
  tried.leaks.push(...visits.leaks);
  Object.assign(tried.counts, visits.counts);
  return tried;
}

/** A few documents, others for each member and path, so that over many companies every pair is met on every path. */
function choose({ documents }: Built, from: number, count: number): Placed[] {
  return documents.length <= count ? documents : Array.from({ length: count }, (_, step) => documents[(from + step) % documents.length]).filter((document) => document !== undefined);
}
