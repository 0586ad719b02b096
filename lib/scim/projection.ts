/** Which attributes of a resource an answer shows (RFC 7644 section 3.9): `schemas` and `id` always, the rest as asked. */
import { ScimError } from './error.ts';
import { isObject } from './filter/evaluate.ts';
import { findTarget, type ResourceSchema } from './schema.ts';
import type { Resource, ScimObject, ScimValue } from './types.ts';

/** Names of attributes in lower case: `emails`, `emails.value`. At most one of the two lists holds any. */
export interface Projection {
  only: ReadonlySet<string> | undefined;
  without: ReadonlySet<string>;
}

const always = new Set(['schemas', 'id']);

/** Reads the two lists of a request. Throws ScimError 'invalidValue' when both are given. Names that are no attribute show nothing. */
export function readProjection(schema: ResourceSchema, { attributes, excludedAttributes }: { attributes: readonly string[]; excludedAttributes: readonly string[] }): Projection {
  if (attributes.length > 0 && excludedAttributes.length > 0) throw new ScimError('invalidValue', 'Ask for "attributes" or for "excludedAttributes", not for both.');
  return { only: attributes.length === 0 ? undefined : pathsOf(schema, attributes), without: pathsOf(schema, excludedAttributes) };
}

function pathsOf(schema: ResourceSchema, names: readonly string[]): Set<string> {
  return new Set(names.flatMap((name) => {
    const target = findTarget(schema, name.trim());
    return target === undefined ? [] : [[target.attribute.name, ...(target.child === undefined ? [] : [target.child.name])].join('.').toLowerCase()];
  }));
}

/** True when something of that attribute is shown: what is not need not be read. */
export function isShown({ only, without }: Projection, name: string): boolean {
  const lower = name.toLowerCase();
  if (only === undefined) return !without.has(lower);
  return [...only].some((path) => path === lower || path.startsWith(`${lower}.`));
}

/** The resource with what is to be shown of it. */
export function project(resource: Resource, projection: Projection): ScimObject {
  return Object.fromEntries(Object.entries(resource).flatMap(([name, value]) => {
    if (always.has(name)) return [[name, value]];
    const shown = part(value, name.toLowerCase(), projection);
    return shown === undefined ? [] : [[name, shown]];
  }));
}

function part(value: ScimValue, path: string, projection: Projection): ScimValue | undefined {
  const { only, without } = projection;
  if (only === undefined ? without.has(path) : only.has(path)) return only === undefined ? undefined : value;
  if (Array.isArray(value)) {
    const parts = value.map((each) => part(each, path, projection)).filter((each) => each !== undefined);
    return parts.length === 0 ? undefined : parts;
  }
  if (isObject(value)) {
    const parts = Object.entries(value).flatMap(([name, each]) => {
      const child = `${path}.${name.toLowerCase()}`;
      const isIn = only === undefined ? !without.has(child) : only.has(child);
      return isIn ? [[name, each] as const] : [];
    });
    return parts.length === 0 ? undefined : Object.fromEntries(parts);
  }
  return only === undefined ? value : undefined;
}
