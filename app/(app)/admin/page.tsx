/** Admin begins at the members. */
import { redirect } from 'next/navigation.js';

export default function AdminPage(): never {
  redirect('/admin/members');
}
