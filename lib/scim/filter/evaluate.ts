/**
 * Whether a value in memory fulfils a filter: for PATCH, which chooses among the values of one attribute. Lists of
 * resources are filtered in SQL (sql.ts); a test holds the two to the same answers.
 */
import type { Attribute, Target } from '../schema.ts';
import type { ScimObject, ScimValue } from '../types.ts';
import type { Filter, Operator } from './parse.ts';

/** True when `object` fulfils `filter`, whose targets are attributes of that object. */
export function fulfils(filter: Filter, object: ScimObject): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.of.every((each) => fulfils(each, object));
    case 'or':
      return filter.of.some((each) => fulfils(each, object));
    case 'not':
      return !fulfils(filter.of, object);
    case 'element':
      return listOf(object[filter.attribute.name]).some((element) => isObject(element) && fulfils(filter.of, element));
    case 'present':
      return valuesAt(object, filter.target).some(isPresent);
    case 'compare':
      return compares(filter, object);
  }
}

function compares({ target, operator, value }: Extract<Filter, { kind: 'compare' }>, object: ScimObject): boolean {
  const found = valuesAt(object, target);
  // One value that is missing differs from every value; of several values one has to differ.
  if (found.length === 0) return !target.attribute.multiValued && matches(undefined, operator, { value, of: target.child ?? target.attribute });
  return found.some((each) => matches(each, operator, { value, of: target.child ?? target.attribute }));
}

function matches(found: ScimValue | undefined, operator: Operator, { value, of }: { value: string | boolean | null; of: Attribute }): boolean {
  if (operator === 'ne') return !matches(found, 'eq', { value, of });
  if (value === null) return found === undefined;
  if (typeof found === 'boolean' || typeof value === 'boolean') return found === value;
  if (typeof found !== 'string') return false;
  const isTime = of.type === 'dateTime';
  const [left, right] = isTime ? [Date.parse(found), Date.parse(value)] : [fold(found, of), fold(value, of)];
  if (operator === 'eq') return left === right;
  if (typeof left === 'string' && typeof right === 'string') {
    if (operator === 'co') return left.includes(right);
    if (operator === 'sw') return left.startsWith(right);
    if (operator === 'ew') return left.endsWith(right);
  }
  if (operator === 'gt') return left > right;
  if (operator === 'ge') return left >= right;
  if (operator === 'lt') return left < right;
  return operator === 'le' && left <= right;
}

function fold(text: string, { caseExact }: Attribute): string {
  return caseExact ? text : text.toLowerCase();
}

/** What the target has in `object`; undefined for each of several values that lacks the sub-attribute. */
function valuesAt(object: ScimObject, { attribute, child }: Target): (ScimValue | undefined)[] {
  const values = listOf(object[attribute.name]);
  return child === undefined ? values : values.map((value) => (isObject(value) ? value[child.name] : undefined));
}

function listOf(value: ScimValue | undefined): ScimValue[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

function isPresent(value: ScimValue | undefined): boolean {
  return value !== undefined && value !== '';
}

/** True for a value with sub-attributes. */
export function isObject(value: ScimValue | undefined): value is ScimObject {
  return typeof value === 'object' && !Array.isArray(value);
}
