/**
 * The demo company as data: people, groups, collections with their grants, documents, example questions, and the
 * questions that honestly have different answers for different people. The seed and the tests read it. Everything in it,
 * people included, is invented. It does not know how documents are stored or read.
 */

export type DemoGroup = 'everyone' | 'it' | 'finance' | 'people' | 'board' | 'sales';
export type DemoRole = 'employee' | 'admin' | 'compliance';

export interface DemoMember {
  readonly email: string;
  readonly name: string;
  readonly role: DemoRole;
  readonly groups: readonly DemoGroup[];
  /** What the person does in the company, for the sign-in page. */
  readonly job: string;
}

export type DemoGrant = { readonly right: 'read' | 'edit' } & ({ readonly group: DemoGroup } | { readonly member: string });

export interface DemoCollection {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly grants: readonly DemoGrant[];
}

export interface DemoDocument {
  /** Path below `files/`, beginning with the slug of the collection. */
  readonly file: string;
  readonly title: string;
  readonly collection: string;
}

export interface DemoQuestion {
  readonly question: string;
  /** Slugs that the asker must be able to read. */
  readonly collections: readonly string[];
  /** The file that answers it. */
  readonly answeredBy: string;
}

/** What one member should be told: words that stand in a document they may read, or null when none of theirs answers. */
export type DemoExpectation = { readonly document: string; readonly phrase: string } | null;

export interface DemoDisagreement {
  readonly question: string;
  /** By e-mail address of the member. */
  readonly answers: Readonly<Record<string, DemoExpectation>>;
}

export const company = {
  name: 'Halden Instruments',
  description: 'An invented maker of precision measuring instruments with 412 employees in Vienna, Graz and Rotterdam.',
} as const;

export const groups: readonly { readonly slug: DemoGroup; readonly name: string; readonly description: string }[] = [
  { slug: 'everyone', name: 'Everyone', description: 'All employees' },
  { slug: 'it', name: 'IT', description: 'IT operations and service desk' },
  { slug: 'finance', name: 'Finance', description: 'Accounting, controlling and treasury' },
  { slug: 'people', name: 'People', description: 'People operations and compliance' },
  { slug: 'board', name: 'Board', description: 'Executive and supervisory board and their secretary' },
  { slug: 'sales', name: 'Sales', description: 'Area sales, order desk and marketing' },
];

const mara = 'mara.kovac@halden.example';
const jonas = 'jonas.lind@halden.example';
const ines = 'ines.roth@halden.example';

export const members: readonly DemoMember[] = [
  { email: mara, name: 'Mara Kovac', role: 'employee', groups: ['everyone', 'sales'], job: 'Area sales manager, central Europe' },
  { email: jonas, name: 'Jonas Lind', role: 'admin', groups: ['everyone', 'it', 'finance'], job: 'Head of IT, Finance and IT division' },
  { email: ines, name: 'Ines Roth', role: 'compliance', groups: ['everyone', 'people', 'board'], job: 'Head of compliance, secretary of the board' },
];

export const collections: readonly DemoCollection[] = [
  {
    slug: 'company-handbook', name: 'Company handbook', description: 'Rules and news for everyone: hours, leave, travel, conduct, sites.',
    grants: [{ group: 'everyone', right: 'read' }, { group: 'people', right: 'edit' }],
  },
  {
    slug: 'it-and-security', name: 'IT and security', description: 'Sign-in, devices, VPN, software and what to do in an incident.',
    grants: [{ group: 'everyone', right: 'read' }, { group: 'it', right: 'edit' }],
  },
  {
    slug: 'products-and-calibration', name: 'Products and calibration', description: 'Data sheets, guides and procedures for HX-4, LT-2 and SR-1.',
    grants: [{ group: 'everyone', right: 'read' }],
  },
  { slug: 'finance', name: 'Finance', description: 'Limits, budgets, closing and receivables. Confidential.', grants: [{ group: 'finance', right: 'edit' }] },
  { slug: 'people-operations', name: 'People operations', description: 'Salary bands, pay review and internal procedures. Strictly confidential.', grants: [{ group: 'people', right: 'edit' }] },
  { slug: 'board', name: 'Board', description: 'Memos and minutes of the boards. Strictly confidential.', grants: [{ group: 'board', right: 'read' }, { member: ines, right: 'edit' }] },
  { slug: 'sales', name: 'Sales', description: 'Prices, discounts, quotations and campaigns. Confidential.', grants: [{ group: 'sales', right: 'read' }, { member: mara, right: 'edit' }] },
];

const titles: Readonly<Record<string, string>> = {
  'company-handbook/about-halden-instruments.md': 'About Halden Instruments',
  'company-handbook/betriebsvereinbarung-gleitzeit.pdf': 'Betriebsvereinbarung über gleitende Arbeitszeit',
  'company-handbook/code-of-conduct.docx': 'Code of conduct',
  'company-handbook/country-annex-netherlands.txt': 'Country annex Netherlands',
  'company-handbook/employee-handbook.pdf': 'Employee handbook',
  'company-handbook/laenderanhang-oesterreich.md': 'Länderanhang Österreich',
  'company-handbook/leave-policy.pdf': 'Leave policy',
  'company-handbook/public-holidays-2026-2027.csv': 'Public holidays and closures 2026 and 2027',
  'company-handbook/remote-work-guideline.html': 'Remote work guideline',
  'company-handbook/rotterdam-lease-update.html': 'Rotterdam site: what we can say about the lease',
  'company-handbook/travel-and-expenses-policy.pdf': 'Travel and expenses policy',
  'company-handbook/your-first-week.pptx': 'Your first week at Halden Instruments',
  'it-and-security/incident-response-plan.docx': 'Security incident response plan',
  'it-and-security/information-security-policy.pdf': 'Information security policy',
  'it-and-security/laptops-and-phones.txt': 'Laptops and phones',
  'it-and-security/passwords-and-sign-in.html': 'Passwords and sign-in',
  'it-and-security/security-awareness-2026.pptx': 'Security in twelve minutes',
  'it-and-security/software-catalogue.csv': 'Software catalogue',
  'it-and-security/vpn-on-mac-windows-and-phone.md': 'VPN on Mac, Windows and phone',
  'products-and-calibration/calibration-intervals.csv': 'Calibration intervals',
  'products-and-calibration/hx-4-calibration-procedure.pdf': 'Calibration of the HX-4 gauge',
  'products-and-calibration/hx-4-data-sheet.pdf': 'HX-4 bench gauge: data sheet',
  'products-and-calibration/hx-4-uncertainty-budget.xlsx': 'HX-4 uncertainty budget',
  'products-and-calibration/laboratory-conditions.txt': 'Calibration laboratory: conditions and house rules',
  'products-and-calibration/lt-2-firmware-releases.md': 'LT-2 firmware: release notes',
  'products-and-calibration/lt-2-troubleshooting.html': 'LT-2 laser tracker: troubleshooting',
  'products-and-calibration/lt-2-user-guide.pdf': 'LT-2 laser tracker: user guide',
  'products-and-calibration/repair-and-returns.docx': 'Repair and returns',
  'finance/approval-limits-2026.pdf': 'Internal approval limits 2026',
  'finance/budget-2026.xlsx': 'Group budget 2026',
  'finance/cost-centres.csv': 'Cost centres',
  'finance/month-end-closing.md': 'Month-end closing',
  'finance/receivables-and-dunning.docx': 'Receivables and dunning',
  'people-operations/dismissal-and-severance.docx': 'Dismissal and severance: internal procedure',
  'people-operations/parental-leave-guidance.md': 'Parental leave: guidance for people operations',
  'people-operations/pay-review-2027.pdf': 'Pay review 2027: instructions for people partners',
  'people-operations/salary-bands-2026.xlsx': 'Salary bands 2026',
  'people-operations/works-council-notes-2026-10.txt': 'Meeting with the works councils, October 2026',
  'board/minutes-2026-09-17.md': 'Minutes of the supervisory board, 17 September 2026',
  'board/project-kestrel-memo.docx': 'Project Kestrel: purchase of Fjordlys Metrology',
  'board/rotterdam-relocation-memo.pdf': 'Project Harbour: future of the Rotterdam site',
  'sales/discount-authority.md': 'Discounts: who may give what',
  'sales/price-list-2026.xlsx': 'Price list 2026',
  'sales/quotation-terms.txt': 'Quotations: text blocks and terms',
  'sales/tracker-campaign-2026.pptx': 'LT-2 campaign, autumn 2026',
};

export const documents: readonly DemoDocument[] = Object.entries(titles).map(([file, title]) => ({ file, title, collection: file.slice(0, file.indexOf('/')) }));

/** Ordered so that the first six a person may see cover several collections. */
export const questions: readonly DemoQuestion[] = [
  { question: 'How many weeks of parental leave do both carers get, and by when must it be taken?', collections: ['company-handbook'], answeredBy: 'company-handbook/leave-policy.pdf' },
  { question: 'What is the highest discount an area sales manager may give on the HX-4 gauge?', collections: ['sales'], answeredBy: 'sales/discount-authority.md' },
  { question: 'How high is the travel budget of the group for 2026?', collections: ['finance'], answeredBy: 'finance/approval-limits-2026.pdf' },
  { question: 'When does the Rotterdam service centre move to Breda?', collections: ['board'], answeredBy: 'board/rotterdam-relocation-memo.pdf' },
  { question: 'How do I set up the VPN on a new Mac?', collections: ['it-and-security'], answeredBy: 'it-and-security/vpn-on-mac-windows-and-phone.md' },
  { question: 'What is the measuring force limit when calibrating the HX-4?', collections: ['products-and-calibration'], answeredBy: 'products-and-calibration/hx-4-calibration-procedure.pdf' },
  { question: 'What is the salary band of a senior engineer in Austria?', collections: ['people-operations'], answeredBy: 'people-operations/salary-bands-2026.xlsx' },
  { question: 'Will the Rotterdam site move?', collections: ['company-handbook'], answeredBy: 'company-handbook/rotterdam-lease-update.html' },
  { question: 'What is the travel budget approval limit?', collections: ['company-handbook'], answeredBy: 'company-handbook/travel-and-expenses-policy.pdf' },
  { question: 'What is the mileage rate for my own car in 2026?', collections: ['company-handbook'], answeredBy: 'company-handbook/travel-and-expenses-policy.pdf' },
  { question: 'How long is the warm-up of the LT-2 laser tracker?', collections: ['products-and-calibration'], answeredBy: 'products-and-calibration/lt-2-user-guide.pdf' },
  { question: 'My laptop was stolen: whom do I call and how fast?', collections: ['it-and-security'], answeredBy: 'it-and-security/laptops-and-phones.txt' },
  { question: 'Wie viele Plusstunden können in die nächste Gleitzeitperiode übertragen werden?', collections: ['company-handbook'], answeredBy: 'company-handbook/betriebsvereinbarung-gleitzeit.pdf' },
  { question: 'How long are data of applicants who were not hired kept?', collections: ['company-handbook'], answeredBy: 'company-handbook/employee-handbook.pdf' },
  { question: 'What is the list price of the HX-4 gauge Laboratory version?', collections: ['sales'], answeredBy: 'sales/price-list-2026.xlsx' },
  { question: 'On which working day do the books close at month end?', collections: ['finance'], answeredBy: 'finance/month-end-closing.md' },
  { question: 'Which steps are needed before a dismissal?', collections: ['people-operations'], answeredBy: 'people-operations/dismissal-and-severance.docx' },
  { question: 'Up to which price may Fjordlys Metrology be bought?', collections: ['board'], answeredBy: 'board/project-kestrel-memo.docx' },
  { question: 'What changed in LT-2 firmware 3.4.1?', collections: ['products-and-calibration'], answeredBy: 'products-and-calibration/lt-2-firmware-releases.md' },
  { question: 'How many days a month may I work from home?', collections: ['company-handbook'], answeredBy: 'company-handbook/remote-work-guideline.html' },
];

const salaryRule: DemoExpectation = { document: 'company-handbook/employee-handbook.pdf', phrase: 'Salary bands are not published in this handbook' };
const severanceRule: DemoExpectation = { document: 'company-handbook/employee-handbook.pdf', phrase: 'Severance pay follows the law of the country' };
const leaseNews: DemoExpectation = { document: 'company-handbook/rotterdam-lease-update.html', phrase: 'No decision on the future of the Rotterdam site has been taken or announced' };
const travelRule: DemoExpectation = { document: 'company-handbook/travel-and-expenses-policy.pdf', phrase: 'Trips up to 2,000 euros need only your line manager' };
const noAcquisition: DemoExpectation = { document: 'company-handbook/about-halden-instruments.md', phrase: 'We have not announced any acquisition' };

/** The same question, asked by each member: what honest answers differ by what they may read. */
export const disagreements: readonly DemoDisagreement[] = [
  {
    question: 'What is the travel budget approval limit?',
    answers: { [mara]: travelRule, [jonas]: { document: 'finance/approval-limits-2026.pdf', phrase: '12,000 euros per quarter and cost centre' }, [ines]: travelRule },
  },
  {
    question: 'Will the Rotterdam site move?',
    answers: { [mara]: leaseNews, [jonas]: leaseNews, [ines]: { document: 'board/rotterdam-relocation-memo.pdf', phrase: 'service centre moves to Breda by 30 September 2027' } },
  },
  {
    question: 'What is the salary band of a senior engineer?',
    answers: { [mara]: salaryRule, [jonas]: salaryRule, [ines]: { document: 'people-operations/salary-bands-2026.xlsx', phrase: 'Senior engineer, area sales manager' } },
  },
  {
    question: 'How much severance pay is offered when employment ends?',
    answers: { [mara]: severanceRule, [jonas]: severanceRule, [ines]: { document: 'people-operations/dismissal-and-severance.docx', phrase: 'may include a voluntary severance payment' } },
  },
  {
    question: 'Is Halden Instruments going to buy another company?',
    answers: { [mara]: noAcquisition, [jonas]: noAcquisition, [ines]: { document: 'board/project-kestrel-memo.docx', phrase: 'non-binding offer for 100 % of Fjordlys Metrology AS' } },
  },
  {
    question: 'What is the highest discount on the HX-4 gauge?',
    answers: {
      [mara]: { document: 'sales/discount-authority.md', phrase: 'at most 8 % for each order' },
      [jonas]: { document: 'finance/approval-limits-2026.pdf', phrase: 'The lowest discount price for the HX-4 is therefore 6,980 euros' },
      [ines]: null,
    },
  },
  {
    question: 'How high is the travel budget of the group for 2026?',
    answers: { [mara]: null, [jonas]: { document: 'finance/approval-limits-2026.pdf', phrase: 'The travel budget for 2026 is 1,460,000 euros' }, [ines]: null },
  },
];
