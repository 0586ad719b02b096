/** Cuts a filter (RFC 7644 section 3.4.2.2) into words, values and brackets. It knows no attribute. */
import { ScimError } from '../error.ts';

export type Token =
  | { kind: 'word'; text: string; lower: string }
  | { kind: 'value'; value: string | number }
  | { kind: 'bracket'; text: '(' | ')' | '[' | ']' };

const pattern = /\s*(?:(?<string>"(?:[^"\\]|\\.)*")|(?<number>-?\d+(?:\.\d+)?)(?![\w.:$-])|(?<word>[A-Za-z$][\w.:$-]*)|(?<bracket>[()[\]]))/y;

/** The tokens of `text`. Throws ScimError 'invalidFilter' at the first character that fits nothing. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  for (let at = 0; text.slice(at).trim() !== ''; at = pattern.lastIndex) {
    pattern.lastIndex = at;
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) throw new ScimError('invalidFilter', `The filter cannot be read from "${text.slice(at).trim().slice(0, 40)}" on.`);
    tokens.push(tokenOf(groups));
  }
  return tokens;
}

function tokenOf({ string, number, word, bracket }: Record<string, string | undefined>): Token {
  if (string !== undefined) return { kind: 'value', value: readString(string) };
  if (number !== undefined) return { kind: 'value', value: Number(number) };
  if (word !== undefined) return { kind: 'word', text: word, lower: word.toLowerCase() };
  return { kind: 'bracket', text: bracket as '(' };
}

function readString(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch (error) {
    throw new ScimError('invalidFilter', `The filter's text ${quoted.slice(0, 40)} is not a JSON string.`, { cause: error });
  }
}
