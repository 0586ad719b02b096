/**
 * Which methods an address of a route takes, read from the matrix of routes. The web process asks it before a request
 * reaches Next, whose own answer to a method that a route file does not export has no body and no code. A route cannot
 * be forgotten here: a test holds the matrix to the route files.
 */
import { Problem } from '../errors.ts';
import { matrix, type MatrixRow } from './matrix.ts';

const writable = ['POST', 'PUT', 'PATCH', 'DELETE'] as const;
const routes = matrix.filter(({ path }) => !path.endsWith('/:rest*')).map((row) => ({ segments: row.path.split('/').slice(1), methods: methodsOf(row) }));

/** Methods of one row, as Allow names them: HEAD goes with GET, and every route answers OPTIONS. */
function methodsOf(row: MatrixRow): readonly string[] {
  return [...(row.GET === undefined ? [] : ['GET', 'HEAD']), ...writable.filter((method) => row[method] !== undefined), 'OPTIONS'];
}

/** Methods of the route at `path` (without its query); null where no route is. Throws URIError where it is no text. */
export function methodsAt(path: string): readonly string[] | null {
  const asked = path.split('/').slice(1).map(decodeURIComponent);
  const found = routes.filter(({ segments }) => fits(segments, asked)).sort((one, other) => compare(one.segments, other.segments));
  return found[0]?.methods ?? null;
}

/** What to refuse a request to a route with whose method its address does not take; undefined for every other request. */
export function refuseMethod(method: string, path: string): Problem | undefined {
  if (!/^\/(?:api|v1|mcp)(?:\/|$)/.test(path)) return undefined;
  const allowed = methodsAt(path);
  if (allowed === null) return method === 'OPTIONS' ? new Problem('not-found', { detail: 'There is no such address.' }) : undefined;
  if (allowed.includes(method)) return undefined;
  return new Problem('method-not-allowed', { detail: `This address takes ${allowed.join(', ')}.`, data: { allow: allowed } });
}

function fits(segments: readonly string[], asked: readonly string[]): boolean {
  const open = segments.at(-1)?.endsWith('*') ?? false;
  if (open ? asked.length < segments.length : asked.length !== segments.length) return false;
  return segments.every((segment, index) => (segment.startsWith(':') ? asked[index] !== '' : segment === asked[index]));
}

/** A name before a parameter, from the left, as Next chooses. */
function compare(one: readonly string[], other: readonly string[]): number {
  const index = one.findIndex((segment, at) => segment.startsWith(':') !== other[at]?.startsWith(':'));
  if (index < 0) return 0;
  return one[index]?.startsWith(':') ? 1 : -1;
}
