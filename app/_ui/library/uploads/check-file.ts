/** What can be said against a file before a byte of it is sent. Pure; the server checks everything again, by content. */
import { bytesInWords } from '../../primitives/bytes-in-words.ts';

/** What this installation takes, as the server told the page. */
export interface UploadLimits {
  bytesMax: number;
  /** With the dot, lower case. */
  extensions: readonly string[];
}

export interface FileProblem {
  code: 'file-empty' | 'file-too-large' | 'file-type-unsupported';
  detail: string;
}

/** The problem in words, or null when the file may be sent. */
export function checkFile(file: { name: string; size: number }, limits: UploadLimits): FileProblem | null {
  const extension = extensionOf(file.name);
  // A file without an extension may be text; the server looks at what is in it.
  if (extension !== '' && !limits.extensions.includes(extension)) return { code: 'file-type-unsupported', detail: describeUnsupported(extension, limits) };
  if (file.size === 0) return { code: 'file-empty', detail: 'The file is empty (0 bytes).' };
  if (file.size > limits.bytesMax) {
    return { code: 'file-too-large', detail: `The file is ${bytesInWords(file.size)}; at most ${bytesInWords(limits.bytesMax)} can be uploaded here. Split it into parts or make it smaller.` };
  }
  return null;
}

function describeUnsupported(extension: string, limits: UploadLimits): string {
  const newer = `${extension}x`;
  if (limits.extensions.includes(newer)) return `Older Office files (${extension}) cannot be read. Save it as ${newer} and upload that.`;
  return `Files ending in ${extension} cannot be read. PDF, Word, Excel, PowerPoint, Markdown, HTML, text and CSV files can.`;
}

/** ".pdf"; empty for a name without one. */
function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot <= 0 || dot === name.length - 1 ? '' : name.slice(dot).toLowerCase();
}
