/**
 * How often one member may ask for things. The counts stand in the memory of each web process, so with several of
 * them a member gets the limit from each: the limits keep one person from starving the others and are no security
 * boundary. (The Postgres store of rate-limiter-flexible opens statements of its own, outside the transaction and
 * role that every statement here needs; the bounded queue of the models process holds for all web processes anyway.)
 */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Problem } from '../errors.ts';

/** Requests per member within `seconds`. */
const limits = {
  /** A page makes up to a dozen requests and polls once a second while files are being read. */
  general: { points: 1200, seconds: 60 },
  /** Two a second is more than a person can read; the models process queues and refuses by itself long before. */
  ask: { points: 120, seconds: 60 },
  /** A program asks as one person does; an editor that completes as one types is not what keys are for. */
  key: { points: 120, seconds: 60 },
  /** A directory sends several changes a second while it provisions everybody for the first time; Entra ID asks for 25. */
  provisioning: { points: 6000, seconds: 60 },
  /** Dropping a folder of several hundred files at once is normal. */
  upload: { points: 1000, seconds: 60 },
} as const;

export type RateLimit = keyof typeof limits;

// Next bundles a module once per route; a count must still be one per process.
const shared: typeof globalThis & { attestRateLimiters?: Map<RateLimit, RateLimiterMemory> } = globalThis;

/** Counts one request of that member, or key, against that limit. Null when it is within; else Problem 'too-many-requests' with `retryAfterSeconds`. */
export async function takeFromRateLimit(id: string, limit: RateLimit): Promise<Problem | null> {
  try {
    await limiter(limit).consume(id);
    return null;
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    const retryAfterSeconds = Math.max(1, Math.ceil(refused.msBeforeNext / 1000));
    return new Problem('too-many-requests', {
      detail: `You have sent too many requests. Try again in ${retryAfterSeconds} s.`,
      data: { retryAfterSeconds },
    });
  }
}

function limiter(limit: RateLimit): RateLimiterMemory {
  shared.attestRateLimiters ??= new Map();
  const known = shared.attestRateLimiters.get(limit);
  if (known !== undefined) return known;
  const made = new RateLimiterMemory({ points: limits[limit].points, duration: limits[limit].seconds });
  shared.attestRateLimiters.set(limit, made);
  return made;
}
