/** The address itself leads to the question. */
import { redirect } from 'next/navigation.js';

export default function Home(): never {
  redirect('/ask');
}
