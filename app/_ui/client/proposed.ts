/** What a request throws whose change was not made but waits for a second admin (HTTP 202). */
export class ProposedInstead extends Error {
  override readonly name = 'ProposedInstead';

  constructor() {
    super('Proposed: a second admin has to approve it before it counts.');
  }
}
