/**
 * Everything that bounds the reading of one uploaded file, in one table. A file is written by a stranger:
 * each number here is the answer to "and what if it never ends?".
 */

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

export const limits = {
  /** Wall clock for one file: enough to start Node and read any small file on a busy machine. */
  parseMsBase: 25_000,
  /** A text-heavy PDF of 1 MiB has 30 to 60 pages and takes about a second; three times that under load. */
  parseMsPerMebibyte: 3_000,
  /** However large the file, a worker is free again after ten minutes. */
  parseMsMax: 600_000,
  /** JavaScript heap of the child; more than any of 340 real and hostile sample files needed. */
  childHeapMebibytesMax: 384,
  /** RLIMIT_DATA of the child, where Linux has it. V8 reserves 512 MiB of address space for code that counts too, so this leaves 512 MiB. */
  childDataBytesMax: 1024 * mebibyte,
  /** Resident memory at which the child is stopped; typed arrays are outside the heap limit above. */
  childResidentBytesMax: 512 * mebibyte,
  /** How often the child's memory is looked at; a process fills about 100 MB in this time. */
  childWatchMs: 50,
  /** The child opens program files one by one and nothing else. */
  childOpenFilesMax: 128,
  /** The child has no file to write, so none may grow. */
  childFileBytesMax: 0,
  /** What the child may answer: bounds the memory of the parent. */
  resultBytesMax: 96 * mebibyte,
  /** What the child may say on stderr before it is ignored. */
  stderrBytesMax: 16 * kibibyte,
  /** Characters of text in one version: about 4,000 dense pages. */
  charactersMax: 12_000_000,
  /** Blocks of one version; a 1,000-page handbook has about 15,000. */
  blocksMax: 200_000,
  /** Pages or slides of one file. */
  pagesMax: 10_000,
  /** Levels of nesting in HTML, Markdown and slides; people write fewer than 30. */
  depthMax: 400,
  /** Files inside an Office archive; a deck of 500 slides has about 3,000. */
  archiveEntriesMax: 20_000,
  /** Actual bytes inflated from an Office archive, whatever its directory declares. */
  archiveBytesMax: 160 * mebibyte,
  /** Rows read from one sheet or CSV file; the rest is named in a warning. */
  rowsMax: 100_000,
  /** Columns of one table; a spreadsheet program stops at 16,384, people long before 500. */
  columnsMax: 500,
  /** Sheets of one workbook. */
  sheetsMax: 500,
  /** Rows of a table in one block, its repeated header row not counted: about one screen. */
  tableRowsMax: 50,
  /** Warnings kept for one version; more are counted, not listed. */
  warningsMax: 50,
} as const;

/** The limits a reader is given; tests pass smaller numbers. */
export type Limits = Readonly<Record<keyof typeof limits, number>>;
