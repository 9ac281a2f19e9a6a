/**
 * Documents as people and programs write them, each value marked `⟦TYPE|value⟧`. They were written after the engine
 * was tuned, to see what it does with what it was not made on.
 */
export const DOCUMENTS: readonly string[] = [
  'Hi team,\n\nplease update the contact for ACME: Jörg Weiß, ⟦EMAIL|joerg.weiss@acme-gmbh.de⟧, Durchwahl ⟦PHONE|+49 711 1234-567⟧.\n\nViele Grüße',
  'Sehr geehrte Damen und Herren, bitte überweisen Sie auf ⟦IBAN|DE89 3704 0044 0532 0130 00⟧ (Verwendungszweck 2024-11-0042). Rückfragen unter ⟦PHONE|0711 / 23 45 67⟧.',
  'Bonjour, je suis joignable au ⟦PHONE|06 12 34 56 78⟧ ou par mail : ⟦EMAIL|claire.dupont@orange.fr⟧. Mon IBAN : ⟦IBAN|FR14 2004 1010 0505 0001 3M02 606⟧.',
  'Mi teléfono es ⟦PHONE|612 345 678⟧ y mi DNI ⟦NATIONAL_ID|12345678Z⟧. Llámame antes de las 18:30.',
  'Codice fiscale ⟦NATIONAL_ID|RSSMRA85T10A562S⟧, cellulare ⟦PHONE|347 1234567⟧, partita IVA non indicata.',
  'O meu número de telemóvel é ⟦PHONE|912 345 678⟧; o CPF dela é ⟦NATIONAL_ID|529.982.247-25⟧.',
  'Bel me op ⟦PHONE|06-12345678⟧ of mail naar ⟦EMAIL|jan.de.vries@ziggo.nl⟧. BSN: ⟦NATIONAL_ID|111222333⟧.',
  'Mój numer telefonu: ⟦PHONE|501 234 567⟧, PESEL ⟦NATIONAL_ID|44051401359⟧.',
  'Позвоните мне: ⟦PHONE|+7 (916) 123-45-67⟧, почта ⟦EMAIL|ivan.petrov@yandex.ru⟧.',
  '我的手机号是⟦PHONE|13812345678⟧,邮箱⟦EMAIL|wang@example.cn⟧,身份证⟦NATIONAL_ID|11010519491231002X⟧。',
  '電話番号は⟦PHONE|090-1234-5678⟧です。',
  'Ring meg på ⟦PHONE|912 34 567⟧ eller send til ⟦EMAIL|kari@nordmann.no⟧',
  'Aadhaar number: ⟦NATIONAL_ID|2345 6789 0124⟧. Mobile: ⟦PHONE|98765 43210⟧.',
  'NHS number ⟦NATIONAL_ID|943 476 5919⟧, tel ⟦PHONE|(0161) 496 0000⟧, postcode M1 1AE, DOB 12/03/1980.',
  'My SIN is ⟦NATIONAL_ID|046 454 286⟧ and you can call my office on ⟦PHONE|416-555-0199⟧ ext. 12.',
  'Customer paid with ⟦CARD|5555 5555 5555 4444⟧ exp 09/27, cvv: ⟦SECRET|123⟧. Order 20240917-0031 total 1,299.00 EUR.',
  'the card on file is ⟦CARD|3782-822463-10005⟧ (amex) and a backup one, ⟦CARD|6011111111111117⟧.',
  'Ihre Kreditkartennummer ⟦CARD|4012888888881881⟧ wurde belastet.',
  '{"user":{"email":"⟦EMAIL|bob+test@sub.example.co.uk⟧","phone":"⟦PHONE|2025550143⟧","card":{"number":"⟦CARD|4242424242424242⟧","last4":"4242"}},"ts":1718293847,"id":"7b1c9b1e-7a52-4a9e-9c0e-2f6a1b0c9d8e"}',
  'id,name,email,phone,amount\n1,Ann,⟦EMAIL|ann@x.io⟧,⟦PHONE|+1-202-555-0175⟧,12.50\n2,Bob,⟦EMAIL|bob@y.dev⟧,⟦PHONE|(303) 555-0162⟧,1999.00',
  '192.0.2.1 is documentation; the client was ⟦IP|203.0.113.77⟧:51234 -> ⟦IP|10.0.12.4⟧:443'.replace(
    '192.0.2.1',
    '⟦IP|192.0.2.1⟧',
  ),
  'ssh root@⟦IP|198.51.100.23⟧ -p 2222 # then curl http://⟦IP|172.16.4.9⟧:8080/health and ping6 ⟦IP|2001:db8:85a3::8a2e:370:7334⟧',
  '⟦IP|66.249.66.1⟧ - - [10/Oct/2024:13:55:36 +0000] "GET /api/v1/users/1234567?ref=20240101 HTTP/1.1" 200 2326 "-" "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"',
  'Postfix 3.7.11 rejected mail from <⟦EMAIL|spam.bot-7@mail.example.org⟧> to <⟦EMAIL|info@例え.example⟧> at 2024-05-06 07:08:09'.replace(
    '⟦EMAIL|info@例え.example⟧',
    '⟦EMAIL|info@exemple.example⟧',
  ),
  'export OPENAI_API_KEY=⟦API_KEY|sk-proj-Zx81jQwErTyUiOpAsDfGhJkLzXcVbNm1234567890⟧\nexport AWS_SECRET_ACCESS_KEY="⟦SECRET|wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY⟧"\nAWS_ACCESS_KEY_ID=⟦API_KEY|AKIAIOSFODNN7EXAMPLE⟧',
  'DATABASE_URL=postgresql://⟦PASSWORD|app:pa55w0rd⟧@db.internal:5432/prod?sslmode=require',
  'curl -H "Authorization: Bearer ⟦SECRET|9f8e7d6c5b4a39281706f5e4d3c2b1a0⟧" -H "x-api-key: ⟦SECRET|abcd-1234-efgh⟧" https://api.example.com/v2/items/42',
  'Set-Cookie: ⟦SECRET|session=eyAbC123; Path=/; HttpOnly⟧\nContent-Length: 348',
  'My SSN is ⟦SSN|078-05-1120⟧. I was born on 1975-04-12 and my employee id is 0042317.',
  'SSN ⟦SSN|219099999⟧ on the W-2; box 1 wages 84,000; control number 0012-4478.',
  'Her social security number: ⟦SSN|457 55 5462⟧.',
  '| name | phone | city |\n|---|---|---|\n| Eve | ⟦PHONE|020 7946 0958⟧ | London |\n| Max | ⟦PHONE|030 901820⟧ | Berlin |',
  '**Contact:** [mail](mailto:⟦EMAIL|press@museum-x.museum⟧) · Fax ⟦PHONE|+43 1 58858-0⟧',
  'Lieferung Nr. 4711-0815-2024 an PLZ 70173, Gewicht 12,5 kg, 3 Pakete, Sendung 00340434161094021501.',
  'Traceback: File "/app/models/v2/run_20240115_093042.py", line 1187, in step_003: ValueError: expected 16384, got 16385 (seed=1234567890)',
  'commit 9fceb02d0ae598e95dc970b74767f19372d61af8 bumped lodash 4.17.21 -> 4.17.22 and Chrome 126.0.6478.127; ticket JIRA-20451.',
  'Measured 3.141592653589793 and 2.718281828459045 at t=1700000000123; p95 = 0.000123 s; n = 1000000; ratio 16:9.',
  'Flight LH 1234 on 24 Dec 2024, seat 12A, booking reference X7K9QP, gate 23, 09:45-12:10, price 1 234,56 €.',
  'ISBN 978-3-16-148410-0, EAN 4006381333931, UPC 036000291452, pages 123-145, vol. 12(3).',
  'Call the function get_user(1234567) with retries=3; it returns 200 in 153 ms, then call batch_insert(rows=5000000).',
  'The tool call returned 1732289311 and the message id was 1732289311.123456 in thread 1732280000.000100.',
  'iban ⟦IBAN|gb29nwbk60161331926819⟧ / bic NWBKGB2L / acct 31926819 sort 60-16-13',
  'Send to ⟦EMAIL|first.o’neil@example.com⟧ please'.replace('first.o’neil', 'first.oneil'),
  'WhatsApp me: ⟦PHONE|+5511987654321⟧ / ⟦PHONE|(11) 3456-7890⟧ (casa)',
  'Telefon: ⟦PHONE|(0 30) 12 34 56 78⟧, Mobil: ⟦PHONE|0171-1234567⟧, Fax: ⟦PHONE|030 12345679⟧',
  'Tel: ⟦PHONE|021 808 9111⟧, Cell: ⟦PHONE|082 123 4567⟧, VAT 4360219145',
  'Emergency contact – Mum: ⟦PHONE|07700 900123⟧; Dad: ⟦PHONE|+44 7700 900456⟧',
  'You can reach our support desk at ⟦PHONE|1-800-555-0123⟧, Mon-Fri 9-17, or at ⟦PHONE|1800 123 456⟧ in Australia.',
  'RUT ⟦NATIONAL_ID|12.345.678-5⟧, fono ⟦PHONE|+56 9 8765 4321⟧',
  'NIR ⟦NATIONAL_ID|2 55 08 14 168 025 38⟧ ; AHV ⟦NATIONAL_ID|756.9217.0769.85⟧ ; hetu ⟦NATIONAL_ID|131052-308T⟧',
];

export type Marked = { text: string; gold: { type: string; start: number; end: number }[] };

export function readMarked(document: string): Marked {
  const gold: Marked['gold'] = [];
  let text = '';
  let done = 0;
  for (const { index, 0: mark, 1: type = '', 2: value = '' } of document.matchAll(/⟦([A-Z_]+)\|([^⟧]*)⟧/g)) {
    text += document.slice(done, index);
    gold.push({ type, start: text.length, end: text.length + value.length });
    text += value;
    done = index + mark.length;
  }
  return { text: text + document.slice(done), gold };
}
