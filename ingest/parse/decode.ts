/**
 * Bytes of a text file to a string: UTF-8, UTF-16, or a single-byte encoding as last resort.
 */
import { sniffUtf16 } from '#lib/documents/detect.ts';

export interface Decoded {
  text: string;
  /** Set when the encoding had to be guessed. */
  warning?: string;
}

/** Decodes a text file and brings its line ends to "\n". `declared` is an encoding the file itself names. */
export function decodeText(bytes: Uint8Array, declared?: string): Decoded {
  const decoded = decode(bytes, declared);
  return { ...decoded, text: decoded.text.replace(/\r\n?|\u2028|\u2029/g, '\n') };
}

function decode(bytes: Uint8Array, declared: string | undefined): Decoded {
  const wide = sniffUtf16(bytes);
  if (wide) return { text: new TextDecoder(wide).decode(bytes) };
  const decoder = createDecoder(declared);
  if (decoder) return { text: decoder.decode(bytes) };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    const warning = 'The file is not in UTF-8 and was read as Western European text (Windows-1252). Check accented letters.';
    return { text: new TextDecoder('windows-1252').decode(bytes), warning };
  }
}

function createDecoder(label: string | undefined): TextDecoder | undefined {
  if (label === undefined || /^utf-?(8|16)/i.test(label)) return undefined;
  try {
    return new TextDecoder(label);
  } catch {
    return undefined;
  }
}
