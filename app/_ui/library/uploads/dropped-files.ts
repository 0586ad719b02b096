/** The files of a drop, those inside dropped folders too. */

/** Files that systems put beside people's own. */
const hidden = /^\./u;
const filesMax = 2_000;

/** At most 2,000 files; hidden ones are left out. Must be called while the drop event is handled: afterwards it is empty. */
export async function filesIn(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items].map((item) => (item.kind === 'file' ? item.webkitGetAsEntry() : null));
  const known = entries.filter((entry) => entry !== null);
  if (known.length === 0) return [...transfer.files];
  const files: File[] = [];
  for (const entry of known) await collect(entry, files);
  return files;
}

async function collect(entry: FileSystemEntry, files: File[]): Promise<void> {
  if (hidden.test(entry.name) || files.length >= filesMax) return;
  if (isFile(entry)) {
    const file = await new Promise<File | null>((resolve) => entry.file(resolve, () => resolve(null)));
    if (file !== null) files.push(file);
  } else if (isFolder(entry)) {
    for (const child of await childrenOf(entry.createReader())) await collect(child, files);
  }
}

/** A reader gives a folder's entries in portions, the last one empty. */
async function childrenOf(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const children: FileSystemEntry[] = [];
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (portion.length === 0) return children;
    children.push(...portion);
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
