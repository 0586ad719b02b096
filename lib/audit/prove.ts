/** Gathers the inclusion proof of one record while an export goes by, and writes it as a C2SP tlog-proof. */
import { inclusionParts, readProof, verifyInclusion, type Node } from './merkle.ts';
import type { Verified } from './verify.ts';

/** The first line of a proof file. https://c2sp.org/tlog-proof */
const proofMark = 'c2sp.org/tlog-proof@v1';

export interface ProofGatherer {
  take: (node: Node, hash: Buffer) => void;
  /** The text of the proof. Throws where the export did not hold the record. */
  write: (verified: Verified) => Promise<string>;
}

/** For record `seq` of a log of `size`. Throws RangeError where there is no such record. */
export function gatherProof(seq: number, size: number): ProofGatherer {
  const parts = inclusionParts(seq, size);
  const found = new Map<string, Buffer | null>(parts.flat().map((node) => [nameOf(node), null]));
  const leafName = nameOf({ level: 0, index: seq });
  found.set(leafName, null);
  const hashOf = (node: Node): Promise<Buffer> => {
    const hash = found.get(nameOf(node));
    return hash ? Promise.resolve(hash) : Promise.reject(new Error(`The export does not reach record ${seq}.`));
  };
  return {
    take(node, hash) {
      const name = nameOf(node);
      if (found.get(name) === null) found.set(name, hash);
    },
    async write({ checkpoint, note }) {
      const leaf = await hashOf({ level: 0, index: seq });
      const proof = await readProof(parts, hashOf);
      if (!verifyInclusion({ index: seq, size, leaf, proof, root: checkpoint.root })) throw new Error(`The proof of record ${seq} does not hold.`);
      return `${[proofMark, `index ${seq}`, ...proof.map((hash) => hash.toString('base64'))].join('\n')}\n\n${note}`;
    },
  };
}

const nameOf = ({ level, index }: Node): string => `${level} ${index}`;
