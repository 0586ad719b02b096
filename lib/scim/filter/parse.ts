/**
 * Reads a filter into a tree. Attributes are looked up and values checked against their types here, so that whoever
 * walks the tree (sql.ts, evaluate.ts) decides nothing. `and` binds closer than `or`; `not` stands before a bracket.
 */
import { ScimError } from '../error.ts';
import { findTarget, named, type Attribute, type ResourceSchema, type Target } from '../schema.ts';
import { limits } from '../types.ts';
import { tokenize, type Token } from './tokens.ts';

export const operators = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const;
export type Operator = (typeof operators)[number];

export type Filter =
  | { kind: 'and' | 'or'; of: Filter[] }
  | { kind: 'not'; of: Filter }
  | { kind: 'present'; target: Target }
  | { kind: 'compare'; target: Target; operator: Operator; value: string | boolean | null }
  /** `emails[type eq "work"]`: one and the same value fulfils all of `of`, whose targets are its sub-attributes. */
  | { kind: 'element'; attribute: Attribute; of: Filter };

/** Looks up the attribute that a path in the filter names. */
type Scope = (path: string) => Target | undefined;

interface Reader {
  tokens: readonly Token[];
  at: number;
  terms: number;
  depth: number;
}

/** Parses a filter over resources of `schema`. Throws ScimError 'invalidFilter'. */
export function parseFilter(text: string, schema: ResourceSchema): Filter {
  return parseWithin(text, (path) => findTarget(schema, path));
}

/** Parses what stands in the brackets of `emails[...]`: its paths name sub-attributes of `attribute`. */
export function parseElementFilter(text: string, attribute: Attribute): Filter {
  return parseWithin(text, scopeOf(attribute));
}

function scopeOf(attribute: Attribute): Scope {
  return (path) => {
    const child = named(attribute.children, path);
    return child === undefined ? undefined : { attribute: child, child: undefined };
  };
}

function parseWithin(text: string, scope: Scope): Filter {
  if (text.length > limits.filterCharacters) throw invalid(`The filter is longer than ${limits.filterCharacters} characters.`);
  const reader: Reader = { tokens: tokenize(text), at: 0, terms: 0, depth: 0 };
  const filter = readOr(reader, scope);
  if (reader.at < reader.tokens.length) throw invalid(`The filter goes on after its end, at ${describe(reader.tokens[reader.at])}.`);
  return filter;
}

function readOr(reader: Reader, scope: Scope): Filter {
  return readList(reader, 'or', () => readList(reader, 'and', () => readTerm(reader, scope)));
}

function readList(reader: Reader, word: 'and' | 'or', readNext: () => Filter): Filter {
  const first = readNext();
  const of = [first];
  while (takeWord(reader, word)) of.push(readNext());
  return of.length === 1 ? first : { kind: word, of };
}

function readTerm(reader: Reader, scope: Scope): Filter {
  reader.terms += 1;
  if (reader.terms > limits.filterTerms) throw invalid(`The filter has more than ${limits.filterTerms} comparisons.`);
  const token = reader.tokens[reader.at];
  if (token?.kind === 'bracket' && token.text === '(') return readBracket(reader, '()', () => readOr(reader, scope));
  if (token?.kind !== 'word') throw invalid(`The filter needs an attribute where it has ${describe(token)}.`);
  reader.at += 1;
  if (token.lower === 'not' && isBracket(reader, '(')) return { kind: 'not', of: readBracket(reader, '()', () => readOr(reader, scope)) };
  const target = scope(token.text);
  if (target === undefined) throw invalid(`The filter names "${token.text}", which is no attribute here.`);
  return isBracket(reader, '[') ? readElement(reader, target, token.text) : readComparison(reader, target, token.text);
}

function readElement(reader: Reader, { attribute, child }: Target, path: string): Filter {
  if (!attribute.multiValued || attribute.children.length === 0 || child !== undefined) throw invalid(`"${path}" has no several values to choose from.`);
  return { kind: 'element', attribute, of: readBracket(reader, '[]', () => readOr(reader, scopeOf(attribute))) };
}

function readBracket(reader: Reader, [open = '', close = '']: string, readInside: () => Filter): Filter {
  reader.depth += 1;
  if (!isBracket(reader, open) || reader.depth > limits.filterDepth) throw invalid(`The filter has more than ${limits.filterDepth} brackets within brackets.`);
  reader.at += 1;
  const inside = readInside();
  if (!isBracket(reader, close)) throw invalid(`The filter misses a closing ${close}.`);
  reader.at += 1;
  reader.depth -= 1;
  return inside;
}

function readComparison(reader: Reader, named_: Target, path: string): Filter {
  const word = reader.tokens[reader.at];
  const name = word?.kind === 'word' ? word.lower : '';
  reader.at += 1;
  if (name === 'pr') return { kind: 'present', target: named_ };
  const operator = operators.find((each) => each === name);
  if (operator === undefined) throw invalid(`The filter needs a comparison after "${path}" and has ${describe(word)}.`);
  const target = compared(named_, path);
  const token = reader.tokens[reader.at];
  reader.at += 1;
  return { kind: 'compare', target, operator, value: readValue(token, { operator, type: (target.child ?? target.attribute).type, path }) };
}

/** What is compared: of an attribute with sub-attributes and several values its `value`, as `emails co "@halden.example"` means. */
function compared(target: Target, path: string): Target {
  const { attribute, child } = target;
  if (child !== undefined || attribute.children.length === 0) return target;
  const value = attribute.multiValued ? named(attribute.children, 'value') : undefined;
  if (value === undefined) throw invalid(`"${path}" consists of several parts; name the one to compare.`);
  return { attribute, child: value };
}

function readValue(token: Token | undefined, { operator, type, path }: { operator: Operator; type: string; path: string }): string | boolean | null {
  const given = token?.kind === 'value' ? token.value : token?.kind === 'word' ? words[token.lower] : undefined;
  if (given === undefined) throw invalid(`The filter needs a value after "${path} ${operator}" and has ${describe(token)}.`);
  const isEquality = operator === 'eq' || operator === 'ne';
  if (given === null && isEquality) return null;
  // Entra ID writes booleans as text.
  if (type === 'boolean' && isEquality) {
    const value = typeof given === 'string' ? words[given.toLowerCase()] : given;
    if (typeof value === 'boolean') return value;
  }
  if (type === 'dateTime' && typeof given === 'string' && !['co', 'sw', 'ew'].includes(operator) && !Number.isNaN(Date.parse(given))) return new Date(given).toISOString();
  if (type !== 'boolean' && type !== 'dateTime' && typeof given === 'string') {
    if (given.includes('\0')) throw invalid('The filter holds a character that is not text.');
    return given;
  }
  throw invalid(`"${path}" cannot be compared like that (${operator} ${JSON.stringify(given)}).`);
}

const words: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

function isBracket(reader: Reader, text: string): boolean {
  const token = reader.tokens[reader.at];
  return token?.kind === 'bracket' && token.text === text;
}

function takeWord(reader: Reader, word: string): boolean {
  const token = reader.tokens[reader.at];
  if (token?.kind !== 'word' || token.lower !== word) return false;
  reader.at += 1;
  return true;
}

function describe(token: Token | undefined): string {
  if (token === undefined) return 'its end';
  return token.kind === 'value' ? JSON.stringify(token.value).slice(0, 60) : `"${token.text.slice(0, 60)}"`;
}

function invalid(detail: string): ScimError {
  return new ScimError('invalidFilter', detail);
}
