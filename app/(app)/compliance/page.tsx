/** Compliance begins at its records. */
import { redirect } from 'next/navigation.js';

export default function CompliancePage(): never {
  redirect('/compliance/records');
}
