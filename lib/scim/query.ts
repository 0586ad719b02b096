/** What a client asks of a list, from the address (GET) or from a body (POST /.search), and the answer's frame. */
import { ScimError } from './error.ts';
import { parseFilter, type Filter } from './filter/parse.ts';
import { readObject } from './input.ts';
import { readProjection, type Projection } from './projection.ts';
import { findTarget, isKept, type ResourceSchema, type Target } from './schema.ts';
import { limits, messages, type ScimObject } from './types.ts';

export interface ListQuery {
  filter: Filter | undefined;
  sortBy: Target | undefined;
  descending: boolean;
  /** From 1. */
  startIndex: number;
  /** Resources wanted; 0 asks for the number alone. */
  count: number;
  projection: Projection;
}

/** Both forms of a request, before they are understood. */
interface Asked {
  filter: unknown;
  sortBy: unknown;
  sortOrder: unknown;
  startIndex: unknown;
  count: unknown;
  attributes: readonly string[];
  excludedAttributes: readonly string[];
}

/** The query of a GET. Throws ScimError 'invalidFilter' or 'invalidValue'. */
export function queryOfAddress(schema: ResourceSchema, search: URLSearchParams): ListQuery {
  const one = (name: string): string | undefined => [...search].find(([each, value]) => each.toLowerCase() === name.toLowerCase() && value !== '')?.[1];
  const list = (name: string): string[] => namesIn(one(name));
  return understand(schema, {
    filter: one('filter'), sortBy: one('sortBy'), sortOrder: one('sortOrder'), startIndex: one('startIndex'), count: one('count'),
    attributes: list('attributes'), excludedAttributes: list('excludedAttributes'),
  });
}

/** What of a resource the answer to any request shows. */
export function projectionOfAddress(schema: ResourceSchema, search: URLSearchParams): Projection {
  return readProjection(schema, { attributes: namesIn(search.get('attributes')), excludedAttributes: namesIn(search.get('excludedAttributes')) });
}

function namesIn(list: string | null | undefined): string[] {
  return (list ?? '').split(',').map((name) => name.trim()).filter((name) => name !== '');
}

/** The query of a POST to /.search. Throws ScimError 'invalidSyntax' as well. */
export function queryOfBody(schema: ResourceSchema, body: unknown): ListQuery {
  const given = readObject(body);
  const schemas = given['schemas'];
  if (!Array.isArray(schemas) || !schemas.includes(messages.search)) throw new ScimError('invalidSyntax', `"schemas" must name ${messages.search}.`);
  const list = (name: string): string[] => {
    const names = given[name] ?? [];
    if (!Array.isArray(names) || !names.every((each) => typeof each === 'string')) throw new ScimError('invalidValue', `"${name}" must be a list of names.`);
    return names;
  };
  const { filter, sortBy, sortOrder, startIndex, count } = given;
  return understand(schema, { filter, sortBy, sortOrder, startIndex, count, attributes: list('attributes'), excludedAttributes: list('excludedAttributes') });
}

function understand(schema: ResourceSchema, asked: Asked): ListQuery {
  const { filter, sortBy, sortOrder } = asked;
  if (filter !== undefined && typeof filter !== 'string') throw new ScimError('invalidFilter', 'The filter must be text.');
  if (sortOrder !== undefined && sortOrder !== 'ascending' && sortOrder !== 'descending') throw new ScimError('invalidValue', '"sortOrder" is "ascending" or "descending".');
  return {
    filter: filter === undefined ? undefined : parseFilter(filter, schema),
    sortBy: sortBy === undefined ? undefined : readSortBy(schema, sortBy),
    descending: sortOrder === 'descending',
    startIndex: Math.max(1, readWhole('startIndex', asked.startIndex, 1)),
    count: Math.min(limits.pageMax, Math.max(0, readWhole('count', asked.count, limits.pageDefault))),
    projection: readProjection(schema, asked),
  };
}

/** Undefined for an attribute that is not kept: then there is nothing to sort by. */
function readSortBy(schema: ResourceSchema, path: unknown): Target | undefined {
  const target = typeof path === 'string' ? findTarget(schema, path) : undefined;
  if (target === undefined) throw new ScimError('invalidValue', '"sortBy" names no attribute.');
  return isKept(target) ? target : undefined;
}

const wholeMax = 1_000_000_000;

function readWhole(name: string, given: unknown, otherwise: number): number {
  if (given === undefined) return otherwise;
  const value = typeof given === 'string' && /^[+-]?\d{1,9}$/.test(given.trim()) ? Number(given) : given;
  if (typeof value !== 'number' || !Number.isInteger(value) || Math.abs(value) > wholeMax) throw new ScimError('invalidValue', `"${name}" must be a whole number.`);
  return value;
}

/** One page of a list as SCIM frames it. */
export function listResponse({ startIndex }: Pick<ListQuery, 'startIndex'>, page: { total: number; resources: readonly ScimObject[] }): Record<string, unknown> {
  return { schemas: [messages.list], totalResults: page.total, startIndex, itemsPerPage: page.resources.length, Resources: page.resources };
}
