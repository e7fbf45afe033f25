// Reads e-mails as a JSON object of HTML by name on standard input; answers with what caniemail.com says Gmail, Outlook and
// Apple Mail do not show, as a JSON object of lists by name.
import { caniemail } from "caniemail";
import { text } from "node:stream/consumers";

const CLIENTS = ["gmail.*", "outlook.*", "apple-mail.*"];
const found = {};
for (const [name, html] of Object.entries(JSON.parse(await text(process.stdin)))) {
  const { issues } = caniemail({ clients: CLIENTS, html });
  found[name] = [...issues.errors].flatMap(([client, list]) => list.map(({ title, notes = [] }) => ({ client, title, notes })));
}
process.stdout.write(JSON.stringify(found));
