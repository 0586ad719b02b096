/**
 * Words that say how something is asked and not what about, in English and German. They stand in the index like all
 * others but are left out of a question, unless a question has nothing else. Kept in the form that `terms` gives.
 */
import { terms } from './terms.ts';

const english = `
  a about above after again against all also am an and any are as at be because been before being below between both but by can could did do
  does doing done during each either else etc few for from further get gets getting give given got had has have having he her here hers him his
  how i if in into is it its itself just let like may me might mine more most much must my need needs no nor not now of off on once one only or other our
  ours out over own per please same shall she should show so some such tell than that the their theirs them then there these they this those through
  to too under until up upon us very was we were what when where which while who whom whose why will with within without would yes yet you your yours
  am re ve ll don doesn isn aren wasn won can cannot want know many find explain describe list mean means means say says okay ok thanks`;
const german = `
  ab aber alle allem allen aller alles als also am an andere auch auf aus bei beim bin bis bist bitte da dabei damit dann das dass dein deine dem den denn
  der des die dies diese dieser dieses doch dort du durch ein eine einem einen einer eines er es etwas euch euer fur gegen gibt haben habe hat hatte hier
  hinter ich ihm ihn ihnen ihr ihre ihrem ihren im in ins ist ja jede jeder jedes jedem kann kein keine konnen konnte machen man mehr mein meine meinem meinen mich mir mit mussen muss
  nach nicht noch nun nur ob oder ohne sehr sein seine sich sie sind so soll sollen sowie uber um und uns unser unsere unter viel viele vom von vor wann war
  waren warum was weil welche welchem welchen welcher welches wenn wer werden wie wieso wieviel wieviele will wir wird wo wurde wurden zu zum zur zwischen`;

const stopWords: ReadonlySet<string> = new Set([...terms(english), ...terms(german)]);

/** True for a term that carries no subject. */
export function isStopWord(term: string): boolean {
  return stopWords.has(term);
}
