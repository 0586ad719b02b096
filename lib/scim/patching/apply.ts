/**
 * Applies the operations of a PATCH to a resource in memory: all of them or none, since what is returned is a new
 * resource and a failure throws. Whether that resource may be kept is decided by who writes it.
 */
import { ScimError } from '../error.ts';
import { fulfils, isObject } from '../filter/evaluate.ts';
import type { Filter } from '../filter/parse.ts';
import { assign, readSingle, readValue } from '../input.ts';
import type { Attribute, ResourceSchema } from '../schema.ts';
import { limits, type ScimObject, type ScimValue } from '../types.ts';
import { readPath, type Operation, type PatchPath } from './operations.ts';

/** `resource` after the operations. Throws ScimError 'invalidPath', 'invalidValue', 'invalidFilter', 'noTarget' or 'mutability'. */
export function applyPatch(schema: ResourceSchema, resource: ScimObject, operations: readonly Operation[]): ScimObject {
  // Values are replaced and never changed in place, so that what no operation names stays the very same value.
  const patched = { ...resource };
  for (const operation of operations) applyOne(schema, patched, operation);
  return patched;
}

function applyOne(schema: ResourceSchema, resource: ScimObject, { op, path, value }: Operation): void {
  if (path !== undefined) {
    const place = readPath(schema, path);
    if (place !== undefined) change(resource, place, { op, value });
    return;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ScimError('invalidValue', 'An operation without a path takes an object of attributes.');
  for (const [name, part] of Object.entries(value)) {
    const place = placeOf(schema, name);
    // Okta repeats the id in such an object; what is ours alone to write is passed over there, and refused under a path of its own.
    if (place !== undefined && !isReadOnly(place)) change(resource, place, { op, value: part });
  }
}

/** Where a name in an object without a path leads: a name there may be a whole path (Entra ID); one that is unknown leads nowhere, as in a POST. */
function placeOf(schema: ResourceSchema, name: string): PatchPath | undefined {
  try {
    return readPath(schema, name);
  } catch (error) {
    if (error instanceof ScimError && error.scimType === 'invalidPath') return undefined;
    throw error;
  }
}

function isReadOnly({ attribute, child }: PatchPath): boolean {
  return attribute.readOnly || child?.readOnly === true;
}

function change(resource: ScimObject, place: PatchPath, { op, value }: Omit<Operation, 'path'>): void {
  const { attribute, child } = place;
  if (isReadOnly(place)) throw new ScimError('mutability', `"${child?.name ?? attribute.name}" cannot be changed.`);
  if (op === 'remove' && child === undefined && (attribute.required || attribute.type === 'boolean')) throw new ScimError('mutability', `"${attribute.name}" always has a value; replace it instead.`);
  if (attribute.multiValued) assign(resource, attribute, emptyAsNone(changeSeveral(listAt(resource, attribute), place, { op, value })));
  else assign(resource, attribute, changeSingle(resource[attribute.name], place, { op, value }));
}

function changeSingle(before: ScimValue | undefined, { attribute, child }: PatchPath, { op, value }: Omit<Operation, 'path'>): ScimValue | undefined {
  if (child === undefined && op === 'remove') return undefined;
  const parts = isObject(before) ? { ...before } : {};
  if (child !== undefined) {
    assign(parts, child, op === 'remove' ? undefined : readSingle(child, value));
    return Object.keys(parts).length === 0 ? undefined : parts;
  }
  const read = readValue(attribute, value);
  // Parts that are not named stay as they are, for replace as for add (section 3.5.2.3).
  return isObject(read) ? { ...parts, ...read } : read;
}

function changeSeveral(before: readonly ScimObject[], place: PatchPath, { op, value }: Omit<Operation, 'path'>): ScimObject[] {
  const { attribute, filter, child } = place;
  if (filter === undefined && child === undefined) return changeWhole(before, attribute, { op, value });
  const isChosen = (each: ScimObject): boolean => filter === undefined || fulfils(filter, each);
  if (op === 'remove' && child === undefined) return before.filter((each) => !isChosen(each));
  const change = child === undefined ? readParts(attribute, value) : { [child.name]: op === 'remove' ? undefined : readSingle(child, value) };
  if (!before.some(isChosen)) {
    if (op === 'remove') return [...before];
    if (op === 'replace') throw new ScimError('noTarget', `No value of "${attribute.name}" fits the path.`);
    // Entra ID adds a work address this way to a user who has none.
    return withOnePrimary(before, [merge(valuesNamedBy(filter), change)]);
  }
  const changed = before.map((each) => (isChosen(each) ? merge(each, change) : each));
  return change['primary'] === true ? changed.map((each, index) => (isChosen(before[index] ?? {}) ? each : withoutPrimary(each))) : changed;
}

function changeWhole(before: readonly ScimObject[], attribute: Attribute, { op, value }: Omit<Operation, 'path'>): ScimObject[] {
  const values = listOf(readValue(attribute, value));
  if (op === 'replace') return values;
  const keys = new Set(values.map(keyOf));
  // Without values all go; Entra ID names those that shall go in the value instead of in the path.
  if (op === 'remove') return value === undefined || value === null ? [] : before.filter((each) => !keys.has(keyOf(each)) && !keys.has(keyOf({ value: each['value'] ?? '' })));
  const present = new Set(before.map(keyOf));
  const all = withOnePrimary(before, values.filter((each) => !present.has(keyOf(each))));
  if (all.length > (attribute.name === 'members' ? limits.groupMembers : limits.values)) throw new ScimError('invalidValue', `"${attribute.name}" would have too many values.`);
  return all;
}

/** Two values are the same when these are; a work and a home address may be equal. */
function keyOf({ value, type }: ScimObject): string {
  return `${String(value ?? '').toLowerCase()} ${String(type ?? '').toLowerCase()}`;
}

/** `before` and `added`; a new primary value takes that from the one before (section 3.5.2.1). */
function withOnePrimary(before: readonly ScimObject[], added: readonly ScimObject[]): ScimObject[] {
  const isTaken = added.some((each) => each['primary'] === true);
  return [...(isTaken ? before.map(withoutPrimary) : before), ...added];
}

function withoutPrimary({ primary: _, ...others }: ScimObject): ScimObject {
  return others;
}

/** What the comparisons of `type eq "work" and primary eq true` say of a value that is yet to be made. */
function valuesNamedBy(filter: Filter | undefined): ScimObject {
  if (filter?.kind === 'and') return Object.assign({}, ...filter.of.map(valuesNamedBy));
  if (filter?.kind !== 'compare' || filter.operator !== 'eq' || filter.value === null || filter.target.attribute.readOnly) return {};
  return { [filter.target.attribute.name]: filter.value };
}

function readParts(attribute: Attribute, value: unknown): ScimObject {
  const read = readSingle(attribute, Array.isArray(value) ? value[0] : value);
  if (!isObject(read)) throw new ScimError('invalidValue', `A value of "${attribute.name}" was expected.`);
  return read;
}

function merge(before: ScimObject, change: Record<string, ScimValue | undefined>): ScimObject {
  return Object.fromEntries(Object.entries({ ...before, ...change }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function listAt(resource: ScimObject, { name }: Attribute): ScimObject[] {
  return listOf(resource[name]);
}

function listOf(value: ScimValue | undefined): ScimObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function emptyAsNone(values: ScimObject[]): ScimObject[] | undefined {
  return values.length === 0 ? undefined : values;
}
