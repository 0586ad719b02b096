/** Another process of the product, for tests: answers over IPC which documents a member sees, with a pool of its own. */
import { z } from 'zod';
import { transaction } from '../db/transaction.ts';

const question = z.object({ id: z.number(), memberId: z.uuid() });

process.on('message', (given) => {
  const { id, memberId } = question.parse(given);
  void transaction({ kind: 'member', id: memberId, name: '', email: '', role: 'employee' }, (tx) => tx.selectFrom('documents').select('title').orderBy('title').execute())
    .then((rows) => process.send?.({ id, titles: rows.map((row) => row.title) }));
});
// Its parent is done.
process.once('disconnect', () => process.exit(0));
process.send?.({ id: 0, titles: [] });
